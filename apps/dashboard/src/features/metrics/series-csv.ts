import type { Series } from '../../shared/api/generated/types.gen.js';
import { downloadText } from '../../shared/download.js';
import { timesOf } from './charts.js';

/** All series as a table with one row for each step: times as instants, what is not known left empty. */
export function seriesCsv(series: Series): string {
  const head = ['time', ...series.series.map(({ key }) => quoted(key))];
  const rows = timesOf(series).map((time, index) => [
    new Date(time).toISOString(),
    ...series.series.map(({ values }) => values[index] ?? ''),
  ]);
  return [head, ...rows].map((row) => `${row.join(',')}\r\n`).join('');
}

/** Hands it to the browser. */
export function downloadSeries(name: string, series: Series): void {
  downloadText(`perch-${name}-${series.to.slice(0, 19).replaceAll(':', '')}.csv`, seriesCsv(series), 'text/csv');
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
