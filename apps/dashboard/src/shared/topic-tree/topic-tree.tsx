import { IconChevronRight } from '@tabler/icons-react';
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useId, useRef, useState } from 'react';
import { rowHeights, useDensity } from '../ui/appearance.js';
import { formatRate, formatShort } from '../ui/format.js';
import { ErrorState } from '../ui/states.js';
import { topicTreeTexts as texts } from './texts.js';
import type { NodeRow, TreeRow } from './tree-rows.js';
import type { TopicTree as Tree } from './use-topic-tree.js';
import { isTopic } from './use-topic-rates.js';
import { useTreeKeys } from './use-tree-keys.js';
import classes from './topic-tree.module.css';
import { literal } from '../../shared/ui/literal.js';
import { visibleText } from '../../shared/ui/visible-text.js';

interface TopicTreeProps {
  readonly tree: Tree;
  readonly selected: string | undefined;
  readonly onSelect: (topic: string) => void;
  /** Its accessible name. */
  readonly label: string;
}

/** The levels of all topics: only visible ones exist, one is active, the keyboard is that of a tree. */
export function TopicTree({ tree, selected, onSelect, label }: TopicTreeProps) {
  const { rows, rates, show, expand, collapse } = tree;
  const region = useRef<HTMLDivElement>(null);
  const [wanted, setActive] = useState(0);
  const active = Math.min(wanted, Math.max(rows.length - 1, 0));
  const id = useId();
  const virtualizer = useTreeRows(rows, region, active);
  const first = virtualizer.range?.startIndex ?? 0;
  useEffect(() => show(first), [show, first]);
  const moveTo = (index: number) => {
    setActive(index);
    virtualizer.scrollToIndex(index);
  };
  const open = ({ node }: NodeRow) => onSelect(node.topic);
  const onKeyDown = useTreeKeys({ rows, active, moveTo, expand, collapse, open });
  if (tree.error) return <ErrorState error={tree.error} onRetry={tree.retry} />;
  return (
    <div
      ref={region}
      role="tree"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={`${id}-${active}`}
      className={classes.tree}
      data-stale={tree.isStale}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <Row
              key={row.key}
              id={`${id}-${index}`}
              row={row}
              rate={row.kind === 'node' ? rates.get(row.node.topic) : undefined}
              start={start}
              isActive={index === active}
              isSelected={row.kind === 'node' && row.node.topic === selected}
              onToggle={(node) => (node.isExpanded ? collapse : expand)(node.node.topic)}
              onSelect={(node) => {
                setActive(index);
                open(node);
              }}
            />
          );
        })}
      </div>
    </div>
  );
}

function useTreeRows(rows: readonly TreeRow[], region: React.RefObject<HTMLDivElement | null>, active: number) {
  const rowHeight = rowHeights[useDensity()[0]];
  const rangeExtractor = useCallback(
    (range: Range) => {
      const shown = defaultRangeExtractor(range);
      // The active level is named by the tree, so it has to exist.
      return active < range.count && !shown.includes(active) ? [...shown, active].sort((a, b) => a - b) : shown;
    },
    [active],
  );
  return useVirtualizer({
    count: rows.length,
    getScrollElement: () => region.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    rangeExtractor,
    getItemKey: (index) => rows[index]?.key ?? index,
    initialRect: { width: 320, height: 600 },
  });
}

interface RowProps {
  readonly id: string;
  readonly row: TreeRow;
  /** Messages a second; null where it is not known, undefined where nobody asked. */
  readonly rate: number | null | undefined;
  readonly start: number;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly onToggle: (row: NodeRow) => void;
  readonly onSelect: (row: NodeRow) => void;
}

function Row({ id, row, rate, start, isActive, isSelected, onToggle, onSelect }: RowProps) {
  const style = { transform: `translateY(${start}px)`, paddingInlineStart: 4 + row.depth * 16 };
  const common = { id, style, className: classes.row, 'data-active': isActive, 'aria-level': row.depth + 1 };
  if (row.kind !== 'node') {
    return (
      <div role="treeitem" {...common} aria-selected={false} aria-disabled data-kind={row.kind}>
        {texts.remarks[row.kind]}
      </div>
    );
  }
  const { node } = row;
  return (
    <div
      role="treeitem"
      {...common}
      aria-selected={isSelected}
      aria-expanded={row.isExpandable ? row.isExpanded : undefined}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-label={texts.nodeLabel(node, rate)}
      onClick={() => onSelect(row)}
    >
      <span
        aria-hidden
        className={classes.toggle}
        data-open={row.isExpanded}
        onClick={(event) => {
          event.stopPropagation();
          if (row.isExpandable) onToggle(row);
        }}
      >
        {row.isExpandable && <IconChevronRight size={14} />}
      </span>
      <span className={classes.level} data-wildcard={/^[+#]$/.test(node.level)} title={visibleText(node.topic)}>
        {literal(node.level || texts.emptyLevel)}
      </span>
      {node.updatedAt !== null && <span className={classes.retained}>◆</span>}
      <Counts row={row} rate={rate} />
    </div>
  );
}

function Counts({ row: { node }, rate }: { row: NodeRow; rate: number | null | undefined }) {
  const subscribers = node.subscribers + node.subscribersBelow;
  const isShown = rate !== undefined && (Boolean(rate) || isTopic(node));
  return (
    <span className={classes.counts}>
      {isShown && (
        <span title={rate === null ? texts.rateUnknown : texts.rateTitle}>{texts.rate(formatRate(rate))}</span>
      )}
      {subscribers > 0 && <span title={texts.subscribers(subscribers)}>{formatShort(subscribers)}</span>}
      {node.retainedBelow > 0 && (
        <span title={texts.retained(node.retainedBelow)}>◆ {formatShort(node.retainedBelow)}</span>
      )}
    </span>
  );
}
