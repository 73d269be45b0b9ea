import { Injectable } from '@nestjs/common';
import Papa from 'papaparse';
import type { AuditEntry, AuditExportQuery } from './audit.schemas.js';
import { AuditStore } from './audit.store.js';

const PAGE = 1000;
const columns = [
  'id',
  'at',
  'operator',
  'action',
  'object',
  'result',
  'reason',
  'address',
  'requestId',
  'before',
  'after',
  'hash',
] as const;

/** Writes the log as a file, a page at a time: however long it is, it holds few. */
@Injectable()
export class AuditExport {
  constructor(private readonly store: AuditStore) {}

  /** Newest first, as the list is. */
  async *lines({ format, ...filter }: AuditExportQuery): AsyncGenerator<string> {
    if (format === 'csv') yield csv([[...columns]]);
    for (let last: bigint | null = null; ;) {
      const entries = await this.store.before(last, filter, PAGE);
      yield format === 'csv'
        ? csv(entries.map(cellsOf))
        : entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
      last = BigInt(entries.at(-1)?.id ?? 0);
      if (entries.length < PAGE) return;
    }
  }
}

function cellsOf(entry: AuditEntry): string[] {
  return columns.map((column) => {
    const value = entry[column];
    if (value === null) return '';
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

/** What a spreadsheet would take for a formula is quoted: names and texts come from anywhere. */
function csv(rows: string[][]): string {
  return rows.length === 0 ? '' : `${Papa.unparse(rows, { escapeFormulae: true, newline: '\r\n' })}\r\n`;
}
