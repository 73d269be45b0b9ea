import { type Command, Option } from 'commander';
import type { ImportAnswer, ImportFile, ImportReport } from '../../features/policy/import.schemas.js';
import type { PolicyChange, PolicyDoc } from '../../features/policy/policy.schemas.js';
import { columns, printable } from '../columns.js';
import type { Commands, ServerTask } from '../command.js';
import { counted } from '../counted.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { readInput } from '../read-input.js';
import { parsePolicyFile } from './policy-file.js';

interface PolicyFileOptions {
  readonly format?: 'json' | ImportFile['format'];
  readonly digits: ImportFile['digits'];
  readonly mode: 'replace' | 'prepend' | 'append';
  readonly message?: string;
  readonly users?: true;
  readonly overrideReason?: string;
  readonly dryRun?: true;
}

type Task = ServerTask<PolicyFileOptions>;

/** The policy from files and into them. */
export function policyFileCommands(policy: Command, commands: Commands): void {
  const give = policy.command('export').description('the live policy as a file, to standard output');
  give.addOption(new Option('--format <format>').choices(['acl.conf', 'json']).default('json', 'json, without loss'));
  commands.remote<{ format: string }>(give, async ({ api, options, terminal }) => {
    const response = await api.send('GET', 'policy/export', { query: { format: options.format } });
    terminal.out((await response.text()).trimEnd());
  });
  const take = policy.command('import <file>').description('rules from a file; all of it or nothing');
  take
    .addOption(
      new Option('--format <format>', 'otherwise it is seen').choices([
        'json',
        'acl.conf',
        'mosquitto-acl',
        'mosquitto-dynsec',
      ]),
    )
    .addOption(
      new Option('--mode <mode>', 'what becomes of the rules that there are')
        .choices(['replace', 'prepend', 'append'])
        .default('replace'),
    )
    .addOption(
      new Option('--digits <digits>', 'of acl.conf: what 1 and 2 mean')
        .choices(['pub-sub', 'sub-pub'])
        .default('pub-sub'),
    )
    .option('--users', 'also make the users of a mosquitto-dynsec file')
    .option('--message <text>', 'why, for the history')
    .option('--override-reason <text>', 'save although access tests fail, and say why')
    .option('--dry-run', 'only say what it comes to');
  commands.remote<PolicyFileOptions>(take, async (task, file = '') => {
    const text = (await readInput(file, task.terminal)).toString('utf8');
    return importPolicy(task, text, file);
  });
}

/** Tells what the file comes to, and, unless it is only tried, makes it the live policy. */
async function importPolicy(task: Task, text: string, file: string): Promise<ExitCode> {
  const { format, policy } = parsePolicyFile(text, task.options.format);
  return format === 'json' ? replaceBy(task, policy, file) : importForeign(task, { format, text, file });
}

async function replaceBy({ api, options, print }: Task, policy: object, file: string): Promise<ExitCode> {
  const live = await api.ask<PolicyDoc>('GET', 'policy');
  if (options.dryRun) {
    const lint = await api.ask<{ errors: number; warnings: number }>('POST', 'policy/lint', { body: draftOf(policy) });
    print(lint, [
      `${printable(file)}: ${counted(lint.errors, 'error')}, ${counted(lint.warnings, 'warning')}; nothing was changed.`,
    ]);
    return lint.errors > 0 ? exitCodes.no : exitCodes.done;
  }
  const change = await api.ask<PolicyChange>('PUT', 'policy', {
    headers: { 'If-Match': `"${live.revision}"` },
    body: { ...policy, message: options.message ?? `import of ${file}`.slice(0, 500), ...override(options) },
  });
  print(change, changeLines(change, change.lost));
  return exitCodes.done;
}

interface ForeignFile {
  readonly format: ImportFile['format'];
  readonly text: string;
  readonly file: string;
}

async function importForeign({ api, options, print, terminal }: Task, foreign: ForeignFile): Promise<ExitCode> {
  const { format, text } = foreign;
  const source = { format, text, digits: options.digits };
  const report = await api.ask<ImportReport>('POST', 'policy/import/analyse', { body: source });
  for (const line of remarkLines(report)) terminal.note(line);
  if (report.errors.length > 0 || options.dryRun) {
    print(report, [`${counted(report.rules.length, 'rule')}; nothing was changed.`]);
    return report.errors.length > 0 ? exitCodes.no : exitCodes.done;
  }
  const answer = await api.ask<ImportAnswer>('POST', 'policy/import', {
    body: {
      ...source,
      mode: options.mode,
      users: options.users ? 'import' : 'ignore',
      message: options.message ?? `import of ${foreign.file}`.slice(0, 500),
      ...override(options),
    },
  });
  print(answer, changeLines(answer, answer.lost));
  return exitCodes.done;
}

/** What is wrong with a foreign file, and where it would not mean the same here. */
export function remarkLines({ errors, remarks }: ImportReport): string[] {
  const rows = errors.map(({ line, path, message }) => [line === null ? (path ?? '') : `line ${line}`, message]);
  const told = remarks.map(({ kind, message }) => [kind, message]);
  return [...columns(['ERROR AT', 'WHAT'], rows), ...columns(['REMARK', 'WHAT'], told)];
}

function changeLines({ revision, rules }: PolicyDoc, lost: PolicyChange['lost'] | null): string[] {
  const taken =
    lost && lost.total > 0
      ? ` ${counted(lost.clients, 'live client')} lost ${counted(lost.total, 'subscription or will', 'subscriptions or wills')}.`
      : '';
  return [`Revision ${revision} is live with ${counted(rules.length, 'rule')}.${taken}`];
}

function override({ overrideReason }: PolicyFileOptions) {
  return overrideReason === undefined ? {} : { overrideReason };
}

function draftOf(policy: object): object {
  const { rules, settings } = policy as { rules?: unknown; settings?: unknown };
  return { rules, ...(settings === undefined ? {} : { settings }) };
}
