import { Text } from '@mantine/core';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { formatCount, formatExact } from '../../shared/ui/format.js';
import type { KeyedLine } from './charts.js';
import { metricsTexts } from './texts.js';
import classes from './metrics-page.module.css';

interface SeriesTableProps {
  readonly label: string;
  readonly times: readonly number[];
  readonly lines: readonly KeyedLine[];
  readonly format: (value: number | null) => string;
}

const MOST_ROWS = 100;

/** The newest points of a chart as a table, the last one first. */
export function SeriesTable({ label, times, lines, format }: SeriesTableProps) {
  const rows = times.map((_, index) => times.length - 1 - index).slice(0, MOST_ROWS);
  const columns: Column<number>[] = [
    {
      key: 'time',
      header: metricsTexts.time,
      isRowHeader: true,
      width: 190,
      cell: (index) => <span className="perch-number">{formatExact(times[index] ?? Number.NaN)}</span>,
    },
    ...lines.map((line): Column<number> => ({
      key: line.key,
      header: line.label,
      align: 'end',
      cell: (index) => <span className="perch-number">{format(line.values[index] ?? null)}</span>,
    })),
  ];
  return (
    <>
      <div className={classes.table}>
        <DataTable label={label} columns={columns} rows={rows} rowKey={String} empty={null} minWidth={360} />
      </div>
      {times.length > MOST_ROWS && (
        <Text size="xs" c="dimmed">
          {metricsTexts.rowsShown(formatCount(rows.length), formatCount(times.length))}
        </Text>
      )}
    </>
  );
}
