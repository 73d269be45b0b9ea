import { csvDialect, FORMULA } from '@perch/policy';
import Papa from 'papaparse';
import type { StoredUser } from './user-rows.js';

/** What a file of users may say, in the order in which it is written. */
export const importColumns = [
  'username',
  'password',
  'password_hash',
  'labels',
  'client_id',
  'client_id_prefix',
  'addresses',
  'connection_limit',
  'valid_until',
  'note',
  'disabled',
] as const;

export type ImportColumn = (typeof importColumns)[number];

/** What an export adds, and an import passes over. */
const factColumns = ['created_by', 'created_at', 'password_changed_at'] as const;

/** One line of a file. Row 1 is the header of a CSV file, and the first line of any other. */
export interface FileRow {
  readonly row: number;
  readonly cells: Partial<Record<ImportColumn, string>>;
}

/** Something that is wrong with a file; row and column where it is known. */
export interface FileProblem {
  readonly row: number;
  readonly column: string | null;
  readonly message: string;
}

export interface ReadFile {
  readonly rows: FileRow[];
  readonly problems: FileProblem[];
}

/** Reads CSV as RFC 4180 and spreadsheets write it: comma, semicolon or tab, the first row names the columns. */
export function readCsv(content: string): ReadFile {
  const text = content.replace(/^\uFEFF/, '');
  const { data, errors } = Papa.parse<string[]>(text, csvDialect(text));
  const [header = [], ...lines] = data;
  const columns = header.map((name) => name.trim().toLowerCase());
  const problems = [...headerProblems(columns), ...errors.flatMap(quoteProblem)];
  if (problems.length > 0) return { rows: [], problems };
  const rows: FileRow[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.length === 1 && line[0]?.trim() === '') continue;
    const row = index + 2;
    if (line.length === columns.length) rows.push({ row, cells: cellsOf(columns, line) });
    else problems.push({ row, column: null, message: `has ${line.length} columns instead of ${columns.length}` });
  }
  return { rows, problems };
}

/** Reads a password file of Mosquitto: a line `name:hash` for each user. */
export function readPasswordFile(content: string): ReadFile {
  const rows: FileRow[] = [];
  const problems: FileProblem[] = [];
  for (const [index, line] of content.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const row = index + 1;
    const colon = line.indexOf(':');
    if (colon > 0)
      rows.push({ row, cells: { username: line.slice(0, colon), password_hash: line.slice(colon + 1).trim() } });
    else problems.push({ row, column: null, message: 'is not a line of a password file: name, colon, hash' });
  }
  return { rows, problems };
}

/** The header of an export. */
export function csvHeader(): string {
  const columns = importColumns.filter((column) => column !== 'password' && column !== 'password_hash');
  return `${[...columns, ...factColumns].join(',')}\r\n`;
}

/** Users as the lines of an export, without anything secret. */
export function csvLines(users: readonly StoredUser[]): string {
  if (users.length === 0) return '';
  return `${Papa.unparse(users.map(lineOf), { newline: '\r\n', escapeFormulae: FORMULA })}\r\n`;
}

function lineOf(user: StoredUser): string[] {
  const { kind, text } = user.clientIdBinding;
  return [
    user.username,
    user.labels.join(' '),
    kind === 'exact' ? text : '',
    kind === 'prefix' ? text : '',
    user.addresses.join(' '),
    user.connectionLimit === null ? '' : String(user.connectionLimit),
    user.validUntil ?? '',
    user.note,
    user.disabled ? 'true' : '',
    user.createdBy,
    user.createdAt,
    user.passwordChangedAt,
  ];
}

/** Takes the apostrophe before a formula off again. Never of secrets, which are not exported. */
function unguarded(column: ImportColumn, cell: string): string {
  const isSecret = column === 'password' || column === 'password_hash';
  return !isSecret && cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell;
}

function cellsOf(columns: readonly string[], line: readonly string[]): FileRow['cells'] {
  const cells: Partial<Record<ImportColumn, string>> = {};
  for (const [index, column] of columns.entries()) {
    if (isImportColumn(column)) cells[column] = unguarded(column, line[index] ?? '');
  }
  return cells;
}

function headerProblems(columns: readonly string[]): FileProblem[] {
  const at = (column: string | null, message: string): FileProblem => ({ row: 1, column, message });
  const isFact = (column: string) => (factColumns as readonly string[]).includes(column);
  const unknown = columns.filter((column) => !isImportColumn(column) && !isFact(column));
  const repeated = columns.filter((column, index) => columns.indexOf(column) !== index);
  return [
    ...(columns.includes('username') ? [] : [at('username', 'is missing: the first row has to name the columns')]),
    ...unknown.map((column) => at(column, `is no column of users. There are: ${importColumns.join(', ')}`)),
    ...repeated.map((column) => at(column, 'is there twice')),
  ];
}

function isImportColumn(column: string): column is ImportColumn {
  return (importColumns as readonly string[]).includes(column);
}

/** Papa also says when it had to guess the delimiter, which is no fault of the file. */
function quoteProblem({ type, row = 0, message }: Papa.ParseError): FileProblem[] {
  return type === 'Quotes' ? [{ row: row + 1, column: null, message }] : [];
}
