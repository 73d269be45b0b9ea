import { Button, Group, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { type Rule, type RuleProblem, type Subject, validateRule } from '@perch/policy';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { RulePatch } from './draft.js';
import { rulesTexts } from './texts.js';
import { TopicsInput } from './topics-input.js';
import type { RuleActions } from './use-rule-editing.js';
import classes from './rules.module.css';

interface RuleEditRowProps {
  readonly rule: Rule;
  readonly position: number;
  readonly actions: RuleActions;
}

const choices = <Value extends string>(labels: Readonly<Record<Value, string>>) =>
  (Object.keys(labels) as Value[]).map((value) => ({ value, label: labels[value] }));

/** One rule as a form in its place of the list. Enter finishes, Escape takes back. */
export function RuleEditRow({ rule: saved, position, actions }: RuleEditRowProps) {
  const [rule, setRule] = useState(saved);
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    row.current?.querySelector<HTMLElement>('input:checked, input')?.focus();
  }, []);
  const change = (patch: RulePatch) => {
    setRule((before) => ({ ...before, ...patch }));
    actions.type(saved.id, patch);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      actions.cancel();
    } else if (event.key === 'Enter' && (event.target as HTMLElement).matches('input, select')) {
      if (event.isDefaultPrevented()) return;
      event.preventDefault();
      actions.finish();
    }
  };
  // A rule that was never filled in is not told off before it is.
  const problems = validateRule(rule).filter(({ code }) => code !== 'E2' || saved.topics.length > 0);
  return (
    <div role="row" ref={row} className={classes.editRow} data-rule={saved.id} onKeyDown={onKeyDown}>
      <div role="gridcell" className={classes.editCell}>
        <span className={classes.position}>{position}</span>
        <form
          aria-label={rulesTexts.row(position)}
          className={classes.editForm}
          onSubmit={(event) => event.preventDefault()}
        >
          <WhoFields rule={rule} problems={problems} onChange={change} />
          <TopicsInput
            topics={rule.topics}
            onChange={(topics) => change({ topics })}
            onSubmit={actions.finish}
            error={messagesOf(problems, 'topics')}
          />
          <WhenFields rule={rule} onChange={change} />
          <Group gap="xs">
            <Button onClick={actions.finish}>{rulesTexts.done}</Button>
            <Button variant="default" onClick={actions.cancel}>
              {rulesTexts.cancel}
            </Button>
          </Group>
        </form>
      </div>
    </div>
  );
}

interface WhoFieldsProps {
  readonly rule: Rule;
  readonly problems: readonly RuleProblem[];
  readonly onChange: (patch: RulePatch) => void;
}

function WhoFields({ rule, problems, onChange }: WhoFieldsProps) {
  const { fields } = rulesTexts;
  return (
    <div className={classes.editLine}>
      <SegmentedControl
        aria-label={fields.effect}
        data={choices(rulesTexts.effects)}
        value={rule.effect}
        onChange={(effect) => onChange({ effect: effect })}
      />
      <NativeSelect
        label={fields.subject}
        data={choices(rulesTexts.subjects)}
        value={rule.subject}
        onChange={(event) => onChange(subjectPatch(event.currentTarget.value as Subject))}
      />
      {rule.subject !== 'everyone' && (
        <TextInput
          className={classes.grow}
          label={fields.value}
          placeholder={rulesTexts.valueHints[rule.subject]}
          value={rule.value}
          error={messagesOf(problems, 'value')}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          onChange={(event) => onChange({ value: event.currentTarget.value })}
        />
      )}
      <SegmentedControl
        aria-label={fields.access}
        data={choices(rulesTexts.accesses)}
        value={rule.access}
        onChange={(access) => onChange({ access: access })}
      />
    </div>
  );
}

/** Whether it is enforced, until when, and why it is there. */
function WhenFields({ rule, onChange }: Omit<WhoFieldsProps, 'problems'>) {
  const { fields } = rulesTexts;
  return (
    <div className={classes.editLine}>
      <TextInput
        className={classes.grow}
        label={fields.note}
        value={rule.note}
        maxLength={500}
        onChange={(event) => onChange({ note: event.currentTarget.value })}
      />
      <TextInput
        type="datetime-local"
        label={fields.validUntil}
        value={rule.validUntil === null ? '' : localInstant(rule.validUntil)}
        onChange={(event) => onChange({ validUntil: instantOf(event.currentTarget.value) })}
      />
      <SegmentedControl
        aria-label={fields.mode}
        title={rulesTexts.modeHint}
        data={choices(rulesTexts.modes)}
        value={rule.mode}
        onChange={(mode) => onChange({ mode })}
      />
    </div>
  );
}

/** An instant as a field for local times takes it, to the minute. */
function localInstant(instant: string): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return '';
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function instantOf(local: string): string | null {
  return local === '' ? null : new Date(local).toISOString();
}

function subjectPatch(subject: Subject): RulePatch {
  return subject === 'everyone' ? { subject, value: '*' } : { subject };
}

function messagesOf(problems: readonly RuleProblem[], field: 'topics' | 'value'): string | null {
  const own = problems.filter((problem) => problem.field === field || problem.field.startsWith(`${field}.`));
  return own.length === 0 ? null : own.map((problem) => problem.message).join(' ');
}
