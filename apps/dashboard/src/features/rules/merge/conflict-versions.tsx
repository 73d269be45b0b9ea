import { Button, Text } from '@mantine/core';
import type { MergeConflict, PolicyTest, Rule, Side } from '@perch/policy';
import { IconCheck } from '@tabler/icons-react';
import { RuleSummary } from '../rule-summary.js';
import { TestSentence } from '../tests/test-sentence.js';
import { reviewTexts } from '../review/texts.js';
import { mergeTexts as texts } from './texts.js';
import classes from './merge.module.css';

interface ConflictVersionsProps {
  readonly conflict: MergeConflict;
  readonly chosen: Side | null;
  readonly onChoose: (side: Side) => void;
}

/** What it was, and the two things that it has become. */
export function ConflictVersions({ conflict, chosen, onChoose }: ConflictVersionsProps) {
  return (
    <div>
      {conflict.kind !== 'moved' && (
        <p className={classes.before}>
          <Text span size="sm" c="dimmed">
            {texts.before}{' '}
          </Text>
          <Version conflict={conflict} side="base" />
        </p>
      )}
      <div className={classes.versions}>
        {(['mine', 'theirs'] as const).map((side) => (
          <section key={side} className={classes.version} aria-label={texts.sides[side]} data-chosen={chosen === side}>
            <Text fw={600} size="sm">
              {texts.sides[side]}
            </Text>
            <div>
              <Version conflict={conflict} side={side} />
            </div>
            <Button
              variant={chosen === side ? 'filled' : 'default'}
              size="xs"
              aria-pressed={chosen === side}
              leftSection={chosen === side && <IconCheck size={14} aria-hidden />}
              onClick={() => onChoose(side)}
            >
              {texts.take[side]}
            </Button>
          </section>
        ))}
      </div>
    </div>
  );
}

function Version({ conflict, side }: { conflict: MergeConflict; side: Side | 'base' }) {
  switch (conflict.kind) {
    case 'field':
    case 'removed':
      return <RuleVersion rule={conflict[side]} />;
    case 'moved':
      return side === 'base' ? null : <span>{texts.position(conflict[side])}</span>;
    case 'setting':
      return (
        <span>
          {reviewTexts.diff.settings[conflict.setting]}: {conflict[side]}
        </span>
      );
    case 'test':
      return <TestVersion test={conflict[side]} />;
  }
}

function RuleVersion({ rule }: { rule: Rule | null }) {
  return rule === null ? <em>{texts.removed}</em> : <RuleSummary rule={rule} />;
}

function TestVersion({ test }: { test: PolicyTest | null }) {
  return test === null ? <em>{texts.removed}</em> : <TestSentence test={test} />;
}
