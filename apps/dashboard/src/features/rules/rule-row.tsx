import { Checkbox, Switch } from '@mantine/core';
import type { PolicyProblem, Rule } from '@perch/policy';
import { IconAlertTriangleFilled } from '@tabler/icons-react';
import { type KeyboardEvent, memo, useRef } from 'react';
import type { RuleHits } from '../../shared/api/generated/types.gen.js';
import { DragHandle } from '../../shared/ui/drag-handle.js';
import { useRowDrag } from '../../shared/ui/use-row-drag.js';
import { HitsCell } from './hits-cell.js';
import { RuleMenu } from './rule-menu.js';
import { EffectMark, RuleMarks, SubjectText, TopicChips } from './rule-summary.js';
import { rulesTexts } from './texts.js';
import type { RuleActions } from './use-rule-editing.js';
import classes from './rules.module.css';

export interface RuleRowProps {
  readonly rule: Rule;
  readonly index: number;
  readonly total: number;
  readonly isEditable: boolean;
  /** The one row that Tab comes to, and goes through. */
  readonly isTabStop: boolean;
  /** The access test was decided here. */
  readonly isDeciding: boolean;
  /** The search found it. */
  readonly isFound: boolean;
  readonly isSelected: boolean;
  readonly onSelect: (id: string, isRange: boolean) => void;
  readonly problems: readonly PolicyProblem[] | undefined;
  /** Undefined while it is not known; null for a rule that is not live. */
  readonly hits: RuleHits | null | undefined;
  readonly actions: RuleActions;
  readonly onFocus: (index: number) => void;
}

/** One rule of the list. Enter edits, Alt and arrows move, Delete deletes; the handle drags. */
export const RuleRow = memo(function RuleRow(props: RuleRowProps) {
  const { rule, index, isEditable, actions } = props;
  const tabIndex = props.isTabStop ? 0 : -1;
  const row = useRef<HTMLDivElement>(null);
  const handle = useRef<HTMLButtonElement>(null);
  const place = { list: 'rules', id: rule.id, index, isEnabled: isEditable, onMove: actions.move };
  const drag = useRowDrag({ row, handle }, place);
  return (
    <div
      role="row"
      ref={row}
      {...drag}
      className={`${classes.row} ${drag.className}`}
      aria-rowindex={index + 2}
      tabIndex={tabIndex}
      data-rule={rule.id}
      data-off={!rule.enabled}
      data-deciding={props.isDeciding}
      data-found={props.isFound}
      data-selected={props.isSelected}
      aria-selected={isEditable ? props.isSelected : undefined}
      onFocus={() => props.onFocus(index)}
      onKeyDown={(event) => isEditable && onRowKey(event, props)}
      onDoubleClick={(event) => isEditable && !isControl(event.target) && actions.edit(rule.id)}
    >
      <div role="gridcell" className={classes.position}>
        {isEditable && <DragHandle handle={handle} label={rulesTexts.dragOf(index + 1)} />}
        {isEditable && (
          <Checkbox
            size="xs"
            tabIndex={tabIndex}
            checked={props.isSelected}
            aria-label={rulesTexts.selectOf(index + 1)}
            onClick={(event) => props.onSelect(rule.id, event.shiftKey)}
            onChange={() => undefined}
          />
        )}
        {index + 1}
      </div>
      <RuleCells {...props} />
    </div>
  );
});

function RuleCells({ rule, index, total, isEditable, isTabStop, problems, hits, actions }: RuleRowProps) {
  return (
    <>
      <div role="gridcell" data-col="effect">
        <EffectMark effect={rule.effect} />
      </div>
      <div role="gridcell" data-col="subject">
        <SubjectText subject={rule.subject} value={rule.value} />
      </div>
      <div role="gridcell" data-col="access">
        {rulesTexts.accesses[rule.access]}
      </div>
      <div role="gridcell" data-col="topics">
        <TopicChips topics={rule.topics} />
        <RuleMarks mode={rule.mode} validUntil={rule.validUntil} />
        {problems?.map((problem, at) => (
          <RowProblem key={at} problem={problem} />
        ))}
      </div>
      <div role="gridcell" data-col="note" className={classes.dim}>
        {rule.note}
      </div>
      <div role="gridcell" data-col="hits">
        <span className={classes.hitsLabel}>{rulesTexts.columns.hits}: </span>
        <HitsCell hits={hits} />
      </div>
      <div role="gridcell" data-col="enabled">
        {isEditable ? (
          <Switch
            size="sm"
            tabIndex={isTabStop ? 0 : -1}
            checked={rule.enabled}
            aria-label={rulesTexts.enabledOf(index + 1)}
            onChange={(event) => actions.toggle(rule.id, event.currentTarget.checked)}
          />
        ) : (
          rulesTexts.enabledWords[rule.enabled ? 'on' : 'off']
        )}
      </div>
      <div role="gridcell" data-col="actions">
        {isEditable && <RuleMenu {...{ rule, index, total, isTabStop, actions }} />}
      </div>
    </>
  );
}

function RowProblem({ problem }: { problem: PolicyProblem }) {
  return (
    <span className={classes.problem} data-severity={problem.severity}>
      <IconAlertTriangleFilled size={13} aria-hidden />
      {problem.message}
    </span>
  );
}

function onRowKey(event: KeyboardEvent, { rule, index, actions, onSelect }: RuleRowProps): void {
  if (isControl(event.target) || event.metaKey || event.ctrlKey) return;
  const act = event.altKey
    ? { ArrowUp: () => actions.move(rule.id, index - 1), ArrowDown: () => actions.move(rule.id, index + 1) }[event.key]
    : {
        Enter: () => actions.edit(rule.id),
        F2: () => actions.edit(rule.id),
        e: () => actions.edit(rule.id),
        Delete: () => actions.remove(rule.id),
        ' ': () => actions.toggle(rule.id, !rule.enabled),
        x: () => onSelect(rule.id, false),
        X: () => onSelect(rule.id, true),
      }[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

function isControl(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.closest('button, input, label, a, [role="menu"]') !== null;
}
