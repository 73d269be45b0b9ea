import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { literal } from './literal.js';
import { AfterDelay } from './states.js';
import { uiTexts } from './texts.js';
import classes from './data-table.module.css';

/** One column of a DataTable. */
export interface Column<Row> {
  readonly key: string;
  readonly header: ReactNode;
  readonly cell: (row: Row) => ReactNode;
  /** The header of its row, read before each cell. */
  readonly isRowHeader?: boolean;
  readonly align?: 'start' | 'end';
  readonly width?: number | string;
  /** Long texts take several lines, instead of making the table wider. */
  readonly wraps?: boolean;
}

interface DataTableProps<Row> {
  /** What the table lists; its accessible name. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[] | undefined;
  readonly rowKey: (row: Row) => string;
  /** Shown in place of the rows when there are none. */
  readonly empty: ReactNode;
  /** Rows shown are those of the filter before; they stay while the new ones are fetched. */
  readonly isStale?: boolean;
  readonly minWidth?: number;
}

/** A table of up to some hundred rows that scrolls in its own region on a narrow screen. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, empty, isStale = false, minWidth = 640 } = props;
  if (rows === undefined) return <TableSkeleton columns={columns.length} />;
  if (rows.length === 0) return empty;
  return (
    <div
      className={classes.region}
      role="region"
      aria-label={uiTexts.scrollRegion(label)}
      tabIndex={0}
      data-stale={isStale}
    >
      <table className={classes.table} style={{ minWidth }} aria-label={label} aria-busy={isStale}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} scope="col" data-align={column.align} style={{ width: column.width }}>
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <Cell key={column.key} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  if (column.isRowHeader === true) {
    return (
      <th scope="row" data-align={column.align} data-wraps={column.wraps}>
        {literal(column.cell(row))}
      </th>
    );
  }
  return (
    <td data-align={column.align} data-wraps={column.wraps}>
      {literal(column.cell(row))}
    </td>
  );
}

/** Rows in the shape of the table to come. */
export function TableSkeleton({ rows = 8, columns = 4 }: { rows?: number; columns?: number }) {
  return (
    <AfterDelay>
      <div className={classes.skeleton} role="status" aria-label={uiTexts.loading}>
        {Array.from({ length: rows }, (_, row) => (
          <div key={row} className={classes.skeletonRow}>
            {Array.from({ length: columns }, (__, column) => (
              <Skeleton key={column} height={12} width={`${55 + ((row * 7 + column * 13) % 40)}%`} />
            ))}
          </div>
        ))}
      </div>
    </AfterDelay>
  );
}
