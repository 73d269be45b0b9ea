import type { z } from 'zod';
import { inPlainWords } from '../../http/plain-issue.js';
import { readHash } from '../../policy/password-hash.js';
import * as fields from './user-fields.js';
import type { UserPatch } from './user.schemas.js';
import type { FileProblem, FileRow, ImportColumn } from './user-csv.js';

/** What a row wants of a user. */
export interface ImportRow {
  readonly row: number;
  readonly username: string;
  /** What the file has columns for. */
  readonly fields: UserPatch;
  readonly password: string | null;
  readonly passwordHash: string | null;
}

const TRUE = ['true', 'yes', '1'];
const FALSE = ['', 'false', 'no', '0'];

/** Reads one row, and says everything that is wrong with it. */
export function readImportRow({ row, cells }: FileRow): {
  readonly value: ImportRow;
  readonly problems: FileProblem[];
} {
  const reader = new RowReader(row, cells);
  const username = reader.take('username', fields.username, (cell) => cell) ?? '';
  const password = reader.take('password', fields.userPassword, (cell) => cell || undefined) ?? null;
  const passwordHash = cells.password_hash?.trim() || null;
  if (passwordHash !== null) reader.check('password_hash', hashProblem(passwordHash));
  if (password !== null && passwordHash !== null)
    reader.check('password_hash', 'there is a password, too: give one of them');
  const value = { row, username, password, passwordHash, fields: reader.fields() };
  return { value, problems: reader.problems };
}

class RowReader {
  readonly problems: FileProblem[] = [];

  constructor(
    private readonly row: number,
    private readonly cells: FileRow['cells'],
  ) {}

  /** The value of a cell, or undefined where there is none or it is wrong. */
  take<Schema extends z.ZodType>(
    column: ImportColumn,
    schema: Schema,
    read: (cell: string) => unknown,
  ): z.output<Schema> | undefined {
    const cell = this.cells[column];
    const value = cell === undefined ? undefined : read(cell);
    if (value === undefined) return undefined;
    const parsed = schema.safeParse(value, inPlainWords);
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues) this.check(column, itemOf(value, path) + message);
    return undefined;
  }

  check(column: ImportColumn, message: string | null): void {
    if (message !== null) this.problems.push({ row: this.row, column, message });
  }

  fields(): UserPatch {
    const read = {
      note: this.take('note', fields.note, (cell) => cell),
      disabled: this.disabled(),
      clientIdBinding: this.binding(),
      addresses: this.take('addresses', fields.addresses, listOf),
      connectionLimit: this.take('connection_limit', fields.connectionLimit, (cell) =>
        cell === '' ? null : Number(cell),
      ),
      validUntil: this.take('valid_until', fields.validUntil, instantOf),
      labels: this.take('labels', fields.labels, listOf),
    };
    return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
  }

  private disabled(): boolean | undefined {
    const cell = this.cells.disabled?.trim().toLowerCase();
    if (cell === undefined) return undefined;
    if (!TRUE.includes(cell) && !FALSE.includes(cell)) this.check('disabled', 'must be true or false');
    return TRUE.includes(cell);
  }

  private binding(): UserPatch['clientIdBinding'] {
    const { client_id: exact, client_id_prefix: prefix } = this.cells;
    if (exact === undefined && prefix === undefined) return undefined;
    if (exact && prefix) this.check('client_id_prefix', 'there is a client_id, too: give one of them');
    const kind = exact ? 'exact' : prefix ? 'prefix' : 'any';
    const column = prefix ? 'client_id_prefix' : 'client_id';
    return this.take(column, fields.clientIdBinding, () => ({ kind, text: exact || prefix || '' }));
  }
}

/** Items between spaces, commas or semicolons. */
function listOf(cell: string): string[] {
  return cell.split(/[\s,;]+/).filter((item) => item !== '');
}

/** A date alone is its first moment in UTC. */
function instantOf(cell: string): string | null {
  const text = cell.trim();
  if (text === '') return null;
  return /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
}

/** Which item of a list is meant, for people. */
function itemOf(value: unknown, [index]: readonly PropertyKey[]): string {
  return Array.isArray(value) && typeof index === 'number' ? `“${String(value[index])}” ` : '';
}

function hashProblem(text: string): string | null {
  const hash = readHash(text);
  return 'problem' in hash ? hash.problem : null;
}
