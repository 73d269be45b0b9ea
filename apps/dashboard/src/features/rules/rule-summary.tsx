import type { Rule } from '@perch/policy';
import { Badge } from '@mantine/core';
import { Literal } from '../../shared/ui/literal.js';
import { formatDuration, formatExact } from '../../shared/ui/format.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { TopicChip } from './topic-chip.js';
import { rulesTexts } from './texts.js';
import { useMinute } from './use-minute.js';
import classes from './rules.module.css';

type RuleFacts = Omit<Rule, 'id'>;

/** Allow or deny, by shape, colour and word. */
export function EffectMark({ effect }: Pick<Rule, 'effect'>) {
  return <StatusMark kind={effect}>{rulesTexts.effects[effect]}</StatusMark>;
}

/** Whom a rule speaks of, in words. */
export function subjectWords({ subject, value }: Pick<Rule, 'subject' | 'value'>): string {
  if (subject === 'everyone') return rulesTexts.subjects.everyone.toLowerCase();
  return value === '*' ? rulesTexts.anyOf[subject] : `${rulesTexts.subjects[subject].toLowerCase()} ${value}`;
}

/** Whom a rule speaks of. */
export function SubjectText({ subject, value }: Pick<Rule, 'subject' | 'value'>) {
  if (subject === 'everyone') return rulesTexts.subjects.everyone;
  if (value === '*') return rulesTexts.anyOf[subject];
  return (
    <>
      <span className={classes.dim}>{rulesTexts.subjects[subject].toLowerCase()} </span>
      <Literal>{value}</Literal>
    </>
  );
}

/** The topics of a rule as chips. */
export function TopicChips({ topics, bad = [] }: { topics: readonly string[]; bad?: readonly number[] }) {
  if (topics.length === 0) return <span className={classes.dim}>{rulesTexts.noTopics}</span>;
  return (
    <span className={classes.chips}>
      {topics.map((topic, index) => (
        <TopicChip key={topic} topic={topic} isBad={bad.includes(index)} />
      ))}
    </span>
  );
}

/** What is not plain about a rule: shadow mode, an end. */
export function RuleMarks({ mode, validUntil }: Pick<Rule, 'mode' | 'validUntil'>) {
  return (
    <>
      {mode === 'shadow' && (
        <Badge size="sm" variant="outline" color="warning">
          {rulesTexts.shadowMode}
        </Badge>
      )}
      {validUntil !== null && <EndMark at={validUntil} />}
    </>
  );
}

const DAY_MS = 86_400_000;

/** When a rule ends: a warning on its last day. */
function EndMark({ at }: { at: string }) {
  const leftMs = Date.parse(at) - useMinute();
  const isSoon = leftMs > 0 && leftMs < DAY_MS;
  const exact = rulesTexts.until(formatExact(at));
  const text = leftMs <= 0 ? rulesTexts.ended : isSoon ? rulesTexts.endsIn(formatDuration(leftMs)) : exact;
  return (
    <Badge size="sm" variant={leftMs < DAY_MS ? 'light' : 'outline'} color="warning" title={exact}>
      {text}
    </Badge>
  );
}

/** A rule in one line, for differences and previews. */
export function RuleSummary({ rule }: { rule: RuleFacts }) {
  return (
    <span className={classes.summary}>
      <EffectMark effect={rule.effect} />
      <span>
        <SubjectText subject={rule.subject} value={rule.value} />
      </span>
      <span className={classes.dim}>{rulesTexts.accesses[rule.access]}</span>
      <TopicChips topics={rule.topics} />
      <RuleMarks mode={rule.mode} validUntil={rule.validUntil} />
      {rule.note !== '' && <span className={classes.dim}>{rule.note}</span>}
    </span>
  );
}
