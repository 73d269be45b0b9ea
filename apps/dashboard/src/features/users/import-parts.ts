import { csvDialect } from '@perch/policy';
import Papa from 'papaparse';

const ROWS_IN_PART = 500;

/** A piece of a file that can be imported by itself. */
export interface FilePart {
  readonly content: string;
  readonly rows: number;
}

/** Cuts a file between its rows. Of CSV, each part begins with the row that names the columns. */
export function cutFile(format: 'csv' | 'mosquitto', content: string, rowsInPart = ROWS_IN_PART): FilePart[] {
  return format === 'csv'
    ? cutCsv(content.replace(/^\uFEFF|[\r\n]+$/g, ''), rowsInPart)
    : cutLines(content, rowsInPart);
}

function cutLines(content: string, rowsInPart: number): FilePart[] {
  const lines = content.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const parts: FilePart[] = [];
  for (let at = 0; at < lines.length; at += rowsInPart) {
    const some = lines.slice(at, at + rowsInPart);
    parts.push({ content: some.join('\n'), rows: some.length });
  }
  return parts;
}

function cutCsv(content: string, rowsInPart: number): FilePart[] {
  // Where each row ends: a line break within quotes ends none.
  const ends: number[] = [];
  Papa.parse<string[]>(content, {
    ...csvDialect(content),
    step: ({ meta }) => void ends.push(meta.cursor),
  });
  const header = content.slice(0, ends[0]);
  const parts: FilePart[] = [];
  for (let first = 1; first < ends.length; first += rowsInPart) {
    const last = Math.min(first + rowsInPart, ends.length) - 1;
    const rows = content.slice(ends[first - 1], ends[last]);
    if (rows.trim() !== '') parts.push({ content: header + rows, rows: last - first + 1 });
  }
  return parts;
}

/** What a file looks like: the first row of our CSV names a column `username`. */
export function formatOf(content: string): 'csv' | 'mosquitto' {
  const [first = ''] = content.split(/\r?\n/, 1);
  return /\busername\b/i.test(first) ? 'csv' : 'mosquitto';
}
