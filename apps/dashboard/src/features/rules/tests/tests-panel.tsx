import { Button, Group, Stack, Text } from '@mantine/core';
import { useDidUpdate } from '@mantine/hooks';
import { newRuleId, type PolicyTest } from '@perch/policy';
import { type Dispatch, useRef, useState } from 'react';
import { PermittedButton } from '../../../shared/ui/permitted-button.js';
import { EmptyState } from '../../../shared/ui/states.js';
import { StatusMark } from '../../../shared/ui/status-mark.js';
import type { DraftAction } from '../draft.js';
import { questionSearch } from '../simulator/identity-search.js';
import { useRulesSearch } from '../use-rules-search.js';
import { TestForm } from './test-form.js';
import { TestSentence, testWords } from './test-sentence.js';
import { testsTexts as texts } from './texts.js';
import type { JudgedTest, TestResults } from './use-test-results.js';
import classes from './tests.module.css';

interface TestsPanelProps {
  readonly tests: readonly PolicyTest[];
  readonly results: TestResults;
  readonly isEditable: boolean;
  readonly dispatch: Dispatch<DraftAction>;
}

/** What has to stay allowed or denied, run on every change of the draft. */
export function TestsPanel({ tests, results, isEditable, dispatch }: TestsPanelProps) {
  const [editing, setEditing] = useState<PolicyTest | null>(null);
  const panel = useRef<HTMLDivElement>(null);
  // The form goes, and the focus with it: back to the button that opens it.
  useDidUpdate(() => panel.current?.querySelector('button')?.focus(), [editing]);
  const change = (changed: readonly PolicyTest[]) => dispatch({ type: 'tests', tests: changed });
  const done = (test: PolicyTest) => {
    const isNew = tests.every(({ id }) => id !== test.id);
    change(isNew ? [...tests, test] : tests.map((each) => (each.id === test.id ? test : each)));
    setEditing(null);
  };
  const remove = (test: PolicyTest) => change(tests.filter(({ id }) => id !== test.id));
  if (editing) return <TestForm test={editing} onDone={done} onCancel={() => setEditing(null)} />;
  const add = (
    <PermittedButton permission="policy:write" variant="default" size="xs" onClick={() => setEditing(blankTest())}>
      {texts.add}
    </PermittedButton>
  );
  if (results.all.length === 0) {
    return (
      <div ref={panel}>
        <EmptyState title={texts.none} action={add}>
          {texts.text}
        </EmptyState>
      </div>
    );
  }
  const failing = results.failing.length;
  return (
    <Stack gap="sm" ref={panel}>
      <Group justify="space-between">
        <StatusMark kind={failing === 0 ? 'allow' : 'deny'}>
          {texts.summary(results.all.length - failing, failing)}
        </StatusMark>
        {add}
      </Group>
      <ul className={classes.tests} aria-label={texts.list}>
        {[...results.failing, ...results.all.filter(({ passed }) => passed)].map((judged) => (
          <TestItem
            key={judged.test.id}
            judged={judged}
            isEditable={isEditable}
            onEdit={setEditing}
            onRemove={remove}
          />
        ))}
      </ul>
    </Stack>
  );
}

interface TestItemProps {
  readonly judged: JudgedTest;
  readonly isEditable: boolean;
  readonly onEdit: (test: PolicyTest) => void;
  readonly onRemove: (test: PolicyTest) => void;
}

function TestItem({ judged, isEditable, onEdit, onRemove }: TestItemProps) {
  const { test, passed } = judged;
  const buttons: [label: string, onClick: () => void][] = isEditable
    ? [
        [texts.edit, () => onEdit(test)],
        [texts.remove, () => onRemove(test)],
      ]
    : [];
  return (
    <li data-passed={passed}>
      <TestOutcome judged={judged} />
      <Group gap={4}>
        <ExplainButton test={test} />
        {buttons.map(([label, onClick]) => (
          <Button
            key={label}
            variant="subtle"
            size="compact-sm"
            aria-label={texts.of(label, testWords(test))}
            onClick={onClick}
          >
            {label}
          </Button>
        ))}
      </Group>
    </li>
  );
}

/** Whether one test passed, and why. */
export function TestOutcome({ judged: { test, result, problems, passed } }: { judged: JudgedTest }) {
  const word = problems.length > 0 ? texts.invalid : passed ? texts.passes : texts.fails;
  return (
    <>
      <p>
        <StatusMark kind={passed ? 'allow' : 'deny'}>{word}</StatusMark> <TestSentence test={test} />
      </p>
      {problems.map((problem) => (
        <Text size="xs" key={problem}>
          {problem}
        </Text>
      ))}
      {problems.length === 0 && (
        <Text size="xs" c="dimmed">
          {result.reason}
        </Text>
      )}
      {test.note !== '' && <Text size="xs">{test.note}</Text>}
    </>
  );
}

/** Asks the draft the same in the simulator, so that it shows why. */
function ExplainButton({ test }: { test: PolicyTest }) {
  const [, change] = useRulesSearch();
  const { client, action, topic } = test;
  const explain = () =>
    change({ tab: 'test', ...questionSearch(client, action, topic), live: undefined, against: undefined });
  return (
    <Button variant="subtle" size="compact-sm" aria-label={texts.of(texts.explain, testWords(test))} onClick={explain}>
      {texts.explain}
    </Button>
  );
}

function blankTest(): PolicyTest {
  const client = { clientId: '', username: null, address: null };
  return { id: newRuleId(), client, action: 'publish', topic: '', expect: 'allow', note: '' };
}
