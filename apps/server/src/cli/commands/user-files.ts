import { type Command, Option } from 'commander';
import Papa from 'papaparse';
import type { UserImport, UserImportResult } from '../../features/users/import.schemas.js';
import { columns, printable } from '../columns.js';
import type { Commands, ServerTask } from '../command.js';
import { counted } from '../counted.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { readInput } from '../read-input.js';

/** Passwords in plain text are hashed one by one: a part takes seconds, so that there is a progress to show. */
const PART_ROWS = 250;

interface UserFileOptions {
  readonly format?: UserImport['format'];
  readonly existing: UserImport['existing'];
  readonly skipErrors?: true;
  readonly dryRun?: true;
}

/** Users from files and into them. */
export function userFileCommands(user: Command, commands: Commands): void {
  const take = user.command('import <file>').description('make users from a CSV file, or a password file of Mosquitto');
  take
    .addOption(new Option('--format <format>', 'otherwise it is seen').choices(['csv', 'mosquitto']))
    .addOption(
      new Option('--existing <what>', 'what becomes of names that are taken')
        .choices(['error', 'skip', 'update'])
        .default('error'),
    )
    .option('--skip-errors', 'import the rows that are right; otherwise all or none')
    .option('--dry-run', 'only say what would happen');
  commands.remote<UserFileOptions>(take, async (task, file = '') => {
    const text = (await readInput(file, task.terminal)).toString('utf8');
    const { format = formatOf(text), existing, skipErrors = false, dryRun = false } = task.options;
    const result = await sendUsers(task, text, { format, existing, skipErrors, dryRun });
    task.print(result, [...reportLines(result), ...(result.applied ? [] : [unchanged(dryRun)])]);
    return exitCodeOf(result);
  });
  commands.remote(
    user.command('export').description('users as CSV, without secrets'),
    async ({ api, terminal }): Promise<void> => {
      const response = await api.send('GET', 'users/export');
      terminal.out((await response.text()).trimEnd());
    },
  );
}

/** First all of it is tried; only what is right is sent then, part by part. */
export async function sendUsers(
  { api, terminal }: Pick<ServerTask<unknown>, 'api' | 'terminal'>,
  text: string,
  { dryRun: isTried, ...wishes }: Pick<UserImport, 'format' | 'existing' | 'skipErrors' | 'dryRun'>,
): Promise<UserImportResult> {
  const ask = (content: string, dryRun: boolean) =>
    api.ask<UserImportResult>('POST', 'users/import', { body: { ...wishes, content, dryRun } });
  const plan = await ask(text, true);
  if (isTried || (plan.failed > 0 && !wishes.skipErrors)) return plan;
  const done = { ...plan, applied: true, rows: 0, created: 0, updated: 0, skipped: 0, failed: 0 };
  for (const part of partsOf(text, wishes.format)) {
    const result = await ask(part, false);
    for (const key of ['rows', 'created', 'updated', 'skipped', 'failed'] as const) done[key] += result[key];
    terminal.progress(`${done.rows} of ${plan.rows} rows`);
  }
  return done;
}

export function reportLines(result: UserImportResult): string[] {
  const { applied, rows, created, updated, skipped, failed, problems, problemCount } = result;
  const table = problems.map(({ row, column, message }) => [String(row), column ?? '', message]);
  const more = problemCount > problems.length ? [`... and ${problemCount - problems.length} more problems.`] : [];
  const would = applied ? '' : 'would be ';
  const counts = `${counted(rows, 'row')}: ${would}created ${created}, updated ${updated}, skipped ${skipped}; wrong ${failed}.`;
  return [...columns(['ROW', 'COLUMN', 'PROBLEM'], table).map(printable), ...more, counts];
}

function unchanged(isTried: boolean): string {
  const wayOut = isTried
    ? ''
    : ' Mend the rows, or take the others with --skip-errors; see --existing for names that are taken.';
  return `Nothing was changed.${wayOut}`;
}

function exitCodeOf({ failed, applied }: UserImportResult): ExitCode {
  return failed > 0 && !applied ? exitCodes.no : exitCodes.done;
}

/** A row of Mosquitto is a name, a colon and a hash; a CSV begins with its headings. */
function formatOf(text: string): UserImport['format'] {
  const first = text.split(/\r?\n/).find((line) => line.trim() !== '' && !line.startsWith('#')) ?? '';
  return /^[^,;:]+:\$\d/.test(first) ? 'mosquitto' : 'csv';
}

function* partsOf(text: string, format: UserImport['format']): Generator<string> {
  if (format === 'mosquitto') {
    const lines = text.split(/\r?\n/);
    for (let at = 0; at < lines.length; at += PART_ROWS) yield lines.slice(at, at + PART_ROWS).join('\n');
    return;
  }
  const { data, meta } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), { skipEmptyLines: true });
  const [headings = [], ...rows] = data;
  for (let at = 0; at < rows.length; at += PART_ROWS)
    yield Papa.unparse([headings, ...rows.slice(at, at + PART_ROWS)], { delimiter: meta.delimiter });
}
