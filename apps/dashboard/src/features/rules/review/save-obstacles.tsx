import { Alert, Button, Group, Text, TextInput } from '@mantine/core';
import type { DockTab } from '../search.js';
import { TestOutcome } from '../tests/tests-panel.js';
import type { TestResults } from '../tests/use-test-results.js';
import { useRulesSearch } from '../use-rules-search.js';
import { reviewTexts as texts } from './texts.js';
import classes from './review.module.css';

/** Problems that have to be solved before saving. */
export function OpenProblems({ count, onClose }: { count: number; onClose: () => void }) {
  return (
    <Alert color="danger" variant="light" role="alert">
      <Group justify="space-between">
        {texts.blocked(count)}
        <GoButton tab="problems" onClose={onClose}>
          {texts.showProblems}
        </GoButton>
      </Group>
    </Alert>
  );
}

interface FailingTestsProps {
  readonly results: TestResults;
  readonly reason: string;
  /** Null for those who may not save in spite of them. */
  readonly onReason: ((reason: string) => void) | null;
  readonly onClose: () => void;
}

/** The access tests that fail, and the way around them for an admin. */
export function FailingTests({ results: { all, failing }, reason, onReason, onClose }: FailingTestsProps) {
  if (all.length === 0) return null;
  if (failing.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {texts.passing(all.length)}
      </Text>
    );
  }
  return (
    <Alert color="danger" variant="light" role="alert" title={texts.failing(failing.length)}>
      <Group justify="space-between">
        {texts.failingText}
        <GoButton tab="tests" onClose={onClose}>
          {texts.showTests}
        </GoButton>
      </Group>
      <ul className={classes.failing} tabIndex={0} aria-label={texts.failing(failing.length)}>
        {failing.map((judged) => (
          <li key={judged.test.id}>
            <TestOutcome judged={judged} />
          </li>
        ))}
      </ul>
      {onReason && (
        <TextInput
          label={texts.override}
          description={texts.overrideHint}
          value={reason}
          maxLength={2000}
          onChange={(event) => onReason(event.currentTarget.value)}
        />
      )}
    </Alert>
  );
}

function GoButton({ tab, onClose, children }: { tab: DockTab; onClose: () => void; children: string }) {
  const [, change] = useRulesSearch();
  const show = () => {
    change({ tab });
    onClose();
  };
  return (
    <Button variant="default" size="xs" onClick={show}>
      {children}
    </Button>
  );
}
