import { VisuallyHidden } from '@mantine/core';
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import {
  type ComponentType,
  type CSSProperties,
  memo,
  type PointerEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
} from 'react';
import { flushSync } from 'react-dom';
import { literal } from './literal.js';
import { visibleText } from './visible-text.js';
import { uiTexts } from './texts.js';
import { rowHeights, useDensity } from './appearance.js';
import { useEngagement } from './use-engagement.js';
import { type RovingRows, useRovingRows } from './use-roving-rows.js';
import classes from './virtual-table.module.css';

/** One column: its header, and the key by which the feature's style sheet knows it. */
export interface VirtualColumn<Key extends string = string> {
  readonly key: Key;
  readonly header: string;
  readonly isSortable?: boolean;
  /** Its header is only read out: the cells speak for themselves. */
  readonly isHeaderHidden?: boolean;
  /** Its right edge can be dragged. */
  readonly isResizable?: boolean;
}

interface VirtualTableProps<Row> {
  /** What the table lists; its accessible name. */
  readonly label: string;
  readonly columns: readonly VirtualColumn[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** The cells of one row, each made with `TableCell`; it may watch the row by itself. */
  readonly Cells: ComponentType<{ row: Row }>;
  readonly onOpen: (row: Row) => void;
  /** The row that is open elsewhere on the page. */
  readonly openKey?: string | null;
  readonly sort?: { readonly sort: string; readonly isDescending: boolean };
  readonly onSort?: (key: string) => void;
  /** A column is so wide from now on, in CSS pixels; whoever gives it has a way for the keyboard, too. */
  readonly onResize?: (key: string, width: number) => void;
  /** `grid-template-columns`, where the style sheet does not say it. */
  readonly template?: string;
  /** Sets `--table-columns`, and hides columns where there is no room. */
  readonly className?: string;
  readonly isStale?: boolean;
  /** Told when somebody begins or ends to point at, work in or scroll the table. */
  readonly onEngaged?: (isEngaged: boolean) => void;
  /** Told which rows are painted, from the first to the last. Stable. */
  readonly onPainted?: (first: number, last: number) => void;
}

/** A table of any number of rows in its own scroll region: only visible rows exist, the focused one always does. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>) {
  const { label, columns, rows, rowKey, className = '', isStale = false, template } = props;
  const region = useRef<HTMLDivElement>(null);
  const roving = useRovingRows(rows.length, (index) => {
    const row = rows[index];
    if (row !== undefined) props.onOpen(row);
  });
  const virtualizer = useRows(props, region, roving.current);
  const engagement = useEngagement(props.onEngaged);
  usePainted(virtualizer.range, props.onPainted);
  const focusRow = (index: number) => {
    // Mounted, and focused at once: the next key is meant for this row, however soon it comes.
    flushSync(() => roving.setCurrent(index));
    virtualizer.scrollToIndex(index);
    region.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true });
  };
  return (
    <div
      ref={region}
      className={`${classes.region} ${className}`}
      role="grid"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      data-stale={isStale}
      style={template === undefined ? undefined : ({ '--table-columns': template } as CSSProperties)}
      onKeyDown={(event) => roving.onKeyDown(event, focusRow)}
      {...engagement}
    >
      <HeaderRow columns={columns} sort={props.sort} onSort={props.onSort} onResize={props.onResize} />
      <div className={classes.body} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const key = rowKey(row);
          return (
            <TableRow
              key={key}
              index={index}
              start={start}
              isTabStop={index === roving.current}
              isOpen={key === props.openKey}
              row={row}
              Cells={props.Cells as ComponentType<{ row: unknown }>}
              onFocus={roving.setCurrent}
              onOpen={roving.open}
            />
          );
        })}
      </div>
    </div>
  );
}

function useRows<Row>(props: VirtualTableProps<Row>, region: React.RefObject<HTMLDivElement | null>, focused: number) {
  const { rows } = props;
  const rowHeight = rowHeights[useDensity()[0]];
  const rangeExtractor = useCallback(
    (range: Range) => {
      const shown = defaultRangeExtractor(range);
      // The row that has the focus stays mounted, however far it is scrolled away: otherwise the focus would be lost.
      return focused < range.count && !shown.includes(focused) ? [...shown, focused].sort((a, b) => a - b) : shown;
    },
    [focused],
  );
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => region.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    rangeExtractor,
    paddingStart: 0,
    scrollPaddingStart: rowHeight,
    initialRect: { width: 1000, height: 600 },
  });
  // Rows of another height are where they are put from now on, before anything is painted.
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  return virtualizer;
}

function usePainted(
  range: { startIndex: number; endIndex: number } | null,
  onPainted?: (a: number, b: number) => void,
) {
  const { startIndex = 0, endIndex = 0 } = range ?? {};
  useEffect(() => onPainted?.(startIndex, endIndex), [onPainted, startIndex, endIndex]);
}

type HeaderProps = Pick<VirtualTableProps<never>, 'sort' | 'onSort' | 'onResize'>;

function HeaderRow({ columns, ...rest }: HeaderProps & Pick<VirtualTableProps<never>, 'columns'>) {
  return (
    <div role="rowgroup" className={classes.head}>
      <div role="row" aria-rowindex={1} className={classes.row}>
        {columns.map((column) => (
          <HeaderCell key={column.key} column={column} {...rest} />
        ))}
      </div>
    </div>
  );
}

function HeaderCell(props: HeaderProps & { column: VirtualColumn }) {
  const { column, sort, onSort, onResize } = props;
  const isSorted = sort?.sort === column.key;
  const direction = sort?.isDescending ? 'descending' : 'ascending';
  const isSortable = column.isSortable && onSort;
  return (
    <div
      role="columnheader"
      className={classes.cell}
      data-col={column.key}
      aria-sort={isSorted ? direction : undefined}
    >
      {isSortable ? (
        <button type="button" className={classes.sort} onClick={() => onSort(column.key)}>
          {column.header}
          <span aria-hidden className={classes.arrow}>
            {isSorted ? (sort.isDescending ? '↓' : '↑') : ''}
          </span>
        </button>
      ) : column.isHeaderHidden === true ? (
        <VisuallyHidden>{column.header}</VisuallyHidden>
      ) : (
        column.header
      )}
      {column.isResizable === true && onResize && (
        <span aria-hidden className={classes.edge} onPointerDown={(event) => dragEdge(event, column.key, onResize)} />
      )}
    </div>
  );
}

/** The edge of a header follows the pointer, and its column with it. */
function dragEdge(event: PointerEvent<HTMLElement>, key: string, onResize: (key: string, width: number) => void): void {
  event.preventDefault();
  const edge = event.currentTarget;
  const width = edge.parentElement?.getBoundingClientRect().width ?? 0;
  const from = event.clientX;
  edge.setPointerCapture(event.pointerId);
  const move = (moved: globalThis.PointerEvent) => onResize(key, width + moved.clientX - from);
  edge.addEventListener('pointermove', move);
  edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', move), { once: true });
}

interface TableRowProps {
  readonly index: number;
  readonly start: number;
  readonly isTabStop: boolean;
  readonly isOpen: boolean;
  readonly row: unknown;
  readonly Cells: ComponentType<{ row: unknown }>;
  readonly onFocus: RovingRows['setCurrent'];
  readonly onOpen: RovingRows['open'];
}

const TableRow = memo(function TableRow({
  index,
  start,
  isTabStop,
  isOpen,
  row,
  Cells,
  onFocus,
  onOpen,
}: TableRowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      data-index={index}
      tabIndex={isTabStop ? 0 : -1}
      className={`${classes.row} ${classes.bodyRow}`}
      style={{ transform: `translateY(${start}px)` }}
      onFocus={() => onFocus(index)}
      onClick={(event) => {
        if (!(event.target as Element).closest('button, a, input, label, [role="menu"]')) onOpen(index);
      }}
    >
      <Cells row={row} />
    </div>
  );
});

/** One cell of a row. */
export function TableCell({ col, children, title }: { col: string; children: ReactNode; title?: string }) {
  return (
    <div role="gridcell" className={classes.cell} data-col={col} title={title && visibleText(title)}>
      {literal(children)}
    </div>
  );
}

/** Rows in the shape of the table to come. */
export function VirtualTableSkeleton() {
  return (
    <div className={classes.skeleton} role="status" aria-label={uiTexts.loading}>
      {Array.from({ length: 8 }, (_, index) => (
        <span key={index} style={{ width: `${50 + ((index * 17) % 40)}%` }} />
      ))}
    </div>
  );
}
