import { VisuallyHidden } from '@mantine/core';
import type { PolicyProblem, Rule } from '@perch/policy';
import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { rowHeights, useDensity } from '../../shared/ui/appearance.js';
import { DefaultRow } from './default-row.js';
import type { PolicyContent } from './draft.js';
import { RuleEditRow } from './rule-edit-row.js';
import { RuleRow } from './rule-row.js';
import { rowOf } from './rule-row-element.js';
import { rulesTexts } from './texts.js';
import type { RuleEditing } from './use-rule-editing.js';
import { useRuleHits } from './use-rule-hits.js';
import type { RuleSelection } from './use-rule-selection.js';
import classes from './rules.module.css';

/** Longer lists paint only the rows in view. */
const VIRTUAL_ABOVE = 500;
/** How much higher a rule is than a row of a table, its line below it included. */
const ROW_EXTRA_PX = 5;

export interface RuleListProps {
  readonly content: PolicyContent;
  readonly isEditable: boolean;
  readonly editing: RuleEditing;
  readonly problems: ReadonlyMap<string, readonly PolicyProblem[]>;
  readonly decidingId: string | null;
  readonly foundIds: ReadonlySet<string>;
  readonly selection: RuleSelection;
  /** Text pasted on the list, to be put above the rule at this index. */
  readonly onPaste: (text: string, at: number) => void;
  readonly onDefault: (effect: 'allow' | 'deny') => void;
}

/** The ordered rules, editable in place, and the locked last row that says what happens otherwise. */
export function RuleList(props: RuleListProps) {
  const { content, editing } = props;
  const total = content.rules.length;
  const [current, setCurrent] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const hits = useRuleHits();
  const goTo = (index: number) => {
    const id = content.rules[index]?.id;
    if (id !== undefined) editing.actions.show(id);
  };
  const onKeyDown = listKeys({ total, goTo, onEscape: props.selection.clear });
  const renderRow = (rule: Rule, index: number) =>
    rule.id === editing.editingId ? (
      <RuleEditRow key={rule.id} rule={rule} position={index + 1} actions={editing.actions} />
    ) : (
      <RuleRow
        key={rule.id}
        rule={rule}
        index={index}
        total={total}
        isEditable={props.isEditable}
        isTabStop={index === Math.min(current, total - 1)}
        isDeciding={rule.id === props.decidingId}
        isFound={props.foundIds.has(rule.id)}
        isSelected={props.selection.has(rule.id)}
        onSelect={props.selection.toggle}
        problems={props.problems.get(rule.id)}
        hits={hits && (hits.byRule.get(rule.id) ?? null)}
        actions={editing.actions}
        onFocus={setCurrent}
      />
    );
  const keptIds = [content.rules[current]?.id, editing.focus?.id, editing.editingId];
  const rows = { list, rules: content.rules, focus: editing.focus, revealedId: props.decidingId, keptIds, renderRow };
  return (
    <>
      <div
        role="grid"
        aria-label={rulesTexts.list}
        aria-rowcount={total + 2}
        className={classes.list}
        ref={list}
        style={{ '--most-hits': hits?.mostADay || 1 } as CSSProperties}
        onKeyDown={onKeyDown}
        aria-multiselectable={props.isEditable || undefined}
        onPaste={(event) => {
          const isField = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
          if (!props.isEditable || isField) return;
          event.preventDefault();
          props.onPaste(event.clipboardData.getData('text'), Math.min(current + 1, total));
        }}
      >
        <HeaderRow />
        {total > VIRTUAL_ABOVE ? <VirtualRows {...rows} /> : <PlainRows {...rows} />}
        <DefaultRow
          noMatch={content.settings.noMatch}
          isEditable={props.isEditable}
          index={total}
          onChange={props.onDefault}
        />
      </div>
      <VisuallyHidden role="status">{editing.announcement}</VisuallyHidden>
    </>
  );
}

interface RowsProps {
  readonly list: RefObject<HTMLDivElement | null>;
  readonly rules: readonly Rule[];
  readonly focus: RuleEditing['focus'];
  /** The rule that decided a test: brought into view, without the focus. */
  readonly revealedId: string | null;
  /** Rules that stay mounted wherever the page is scrolled to: the one that has the focus, or is edited, must not go. */
  readonly keptIds: readonly (string | null | undefined)[];
  readonly renderRow: (rule: Rule, index: number) => React.ReactNode;
}

function PlainRows({ list, rules, focus, revealedId, renderRow }: Omit<RowsProps, 'keptIds'>) {
  useEffect(() => {
    const row = focus && rowOf(list.current, focus.id);
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
  }, [list, focus]);
  useEffect(() => {
    if (revealedId !== null) rowOf(list.current, revealedId)?.scrollIntoView({ block: 'nearest' });
  }, [list, revealedId]);
  return <div role="rowgroup">{rules.map(renderRow)}</div>;
}

function VirtualRows({ list, rules, focus, revealedId, keptIds, renderRow }: RowsProps) {
  const usualHeight = rowHeights[useDensity()[0]] + ROW_EXTRA_PX;
  const group = useRef<HTMLDivElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => {
    setScrollMargin((group.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
  }, []);
  const virtualizer = useWindowVirtualizer({
    count: rules.length,
    estimateSize: () => usualHeight,
    // Rows have no height while the list is hidden behind a tool: believed, all of them would fit into the window.
    measureElement: (row) => (row instanceof HTMLElement && row.offsetHeight) || usualHeight,
    overscan: 12,
    scrollMargin,
    // Under the sticky header and toolbar, and above the edge.
    scrollPaddingStart: 130,
    scrollPaddingEnd: 48,
    getItemKey: (index) => rules[index]?.id ?? index,
    rangeExtractor: (range) => {
      const kept = keptIds.map((id) => rules.findIndex((rule) => rule.id === id)).filter((index) => index >= 0);
      return [...new Set([...defaultRangeExtractor(range), ...kept])].toSorted((a, b) => a - b);
    },
  });
  useEffect(() => {
    if (!focus) return;
    virtualizer.scrollToIndex(rules.findIndex((rule) => rule.id === focus.id));
    rowOf(list.current, focus.id)?.focus({ preventScroll: true });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only a new wish moves the focus, not an edit
  }, [focus]);
  useEffect(() => {
    if (revealedId !== null) virtualizer.scrollToIndex(rules.findIndex((rule) => rule.id === revealedId));
    // eslint-disable-next-line react-hooks/exhaustive-deps -- only another decision scrolls, not an edit
  }, [revealedId]);
  return (
    <div role="rowgroup" ref={group} className={classes.virtual} style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map(({ index, start, key }) => {
        const rule = rules[index];
        return (
          <div
            key={key}
            role="presentation"
            data-index={index}
            ref={virtualizer.measureElement}
            style={{ transform: `translateY(${start - scrollMargin}px)` }}
          >
            {rule && renderRow(rule, index)}
          </div>
        );
      })}
    </div>
  );
}

function HeaderRow() {
  const { columns } = rulesTexts;
  return (
    <div role="rowgroup">
      <div role="row" aria-rowindex={1} className={classes.headRow}>
        {(Object.keys(columns) as (keyof typeof columns)[]).map((key) => (
          <div role="columnheader" key={key} data-col={key}>
            {key === 'actions' ? <VisuallyHidden>{columns[key]}</VisuallyHidden> : columns[key]}
          </div>
        ))}
      </div>
    </div>
  );
}

interface ListKeys {
  readonly total: number;
  /** Brings a row into view that may not be mounted, and gives it the focus. */
  readonly goTo: (index: number) => void;
  readonly onEscape: () => void;
}

function listKeys({ total, goTo, onEscape }: ListKeys) {
  return (event: KeyboardEvent<HTMLElement>) => {
    const row = event.target as HTMLElement;
    if (row.getAttribute('role') !== 'row' || event.altKey || event.metaKey || event.ctrlKey) return;
    if (event.key === 'Escape') return onEscape();
    const index = Number(row.getAttribute('aria-rowindex')) - 2;
    const next = { ArrowDown: index + 1, j: index + 1, ArrowUp: index - 1, k: index - 1, Home: 0, End: total - 1 }[
      event.key
    ];
    if (next === undefined || next < 0 || next >= total) return;
    event.preventDefault();
    const mounted = event.currentTarget.querySelector<HTMLElement>(`[role="row"][aria-rowindex="${next + 2}"]`);
    if (mounted) mounted.focus();
    else goTo(next);
  };
}
