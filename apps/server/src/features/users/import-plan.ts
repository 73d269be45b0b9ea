import { setImmediate as nextTurn } from 'node:timers/promises';
import type { UserImport, UserImportResult } from './import.schemas.js';
import { type ImportRow, readImportRow } from './import-row.js';
import { type FileProblem, readCsv, readPasswordFile, type ReadFile } from './user-csv.js';
import type { StoredUser } from './user-rows.js';

type Outcome = UserImportResult['preview'][number]['outcome'];

/** A row, and what is to become of it. */
export interface PlannedRow extends ImportRow {
  readonly outcome: Outcome;
  readonly existing: StoredUser | null;
}

/** What an import would do. */
export interface ImportPlan {
  readonly rows: readonly PlannedRow[];
  /** In the order of the file. */
  readonly problems: readonly FileProblem[];
}

const ROWS_IN_TURN = 250;
const PROBLEMS_SHOWN = 1000;
const ROWS_SHOWN = 200;

/** Reads the file in its format. */
export function readFile({ format, content }: Pick<UserImport, 'format' | 'content'>): ReadFile {
  return format === 'csv' ? readCsv(content) : readPasswordFile(content);
}

/** Decides over each row, given the users whose names are in the file. */
export async function planImport(
  file: ReadFile,
  users: readonly StoredUser[],
  existing: UserImport['existing'],
): Promise<ImportPlan> {
  const byName = new Map(users.map((user) => [user.username, user]));
  const firstRows = new Map<string, number>();
  const problems = [...file.problems];
  const rows: PlannedRow[] = [];
  for (const [index, fileRow] of file.rows.entries()) {
    // Messages wait while rows are looked at.
    if (index % ROWS_IN_TURN === ROWS_IN_TURN - 1) await nextTurn();
    const { value, problems: own } = readImportRow(fileRow);
    const user = byName.get(value.username) ?? null;
    const { row, username } = value;
    const first = firstRows.get(username);
    if (first === undefined) firstRows.set(username, row);
    else own.push({ row, column: 'username', message: `is in row ${first} already` });
    if (user && existing === 'error') own.push({ row, column: 'username', message: 'is taken' });
    if (!user && value.password === null && value.passwordHash === null && own.length === 0) {
      own.push({ row, column: 'password', message: 'is missing, or a password_hash: there is no such user yet' });
    }
    problems.push(...own);
    rows.push({ ...value, existing: user, outcome: own.length > 0 ? 'error' : outcomeOf(user, existing) });
  }
  return { rows, problems: problems.toSorted((a, b) => a.row - b.row) };
}

/** What the plan comes to, for people. */
export function resultOf({ rows, problems }: ImportPlan, applied: boolean): UserImportResult {
  const count = (outcome: Outcome) => rows.filter((row) => row.outcome === outcome).length;
  const failed = new Set([
    ...problems.map(({ row }) => row),
    ...rows.filter(({ outcome }) => outcome === 'error').map(({ row }) => row),
  ]).size;
  return {
    applied,
    rows: rows.length + failed - count('error'),
    created: count('create'),
    updated: count('update'),
    skipped: count('skip'),
    failed,
    problems: problems.slice(0, PROBLEMS_SHOWN),
    problemCount: problems.length,
    preview: rows.slice(0, ROWS_SHOWN).map(({ row, username, outcome }) => ({ row, username, outcome })),
  };
}

function outcomeOf(user: StoredUser | null, existing: UserImport['existing']): Outcome {
  if (!user) return 'create';
  return existing === 'skip' ? 'skip' : 'update';
}
