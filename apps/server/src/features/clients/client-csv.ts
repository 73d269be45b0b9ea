import { FORMULA } from '@perch/policy';
import Papa from 'papaparse';
import type { Client } from './client.schemas.js';

const columns = [
  'clientId',
  'online',
  'since',
  'username',
  'address',
  'protocol',
  'reason',
  'connectedForMs',
  'flaps',
  'banned',
  'node',
  'hasSession',
] as const;

/** The header of an export. */
export function csvHeader(): string {
  return `${columns.join(',')}\r\n`;
}

/** Clients as lines of CSV; what a spreadsheet would take for a formula is guarded. */
export function csvLines(clients: readonly Client[]): string {
  if (clients.length === 0) return '';
  const rows = clients.map((client) => columns.map((column) => String(client[column] ?? '')));
  return `${Papa.unparse(rows, { newline: '\r\n', escapeFormulae: FORMULA })}\r\n`;
}
