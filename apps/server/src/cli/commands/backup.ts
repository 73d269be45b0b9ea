import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { fileReason } from '../../config/file-reason.js';
import type { RestorePlan, SectionReport } from '../../features/backup/backup.schemas.js';
import { columns } from '../columns.js';
import { type Commands, type ServerTask, several } from '../command.js';
import { CliError, exitCodes, type ExitCode } from '../exit-codes.js';
import { readInput } from '../read-input.js';

const MARKS = { create: '+', change: '~', remove: '-', leave: ' ' } as const;

interface RestoreOptions {
  readonly mode: 'merge' | 'replace';
  readonly section?: string[];
  readonly keepConnections?: true;
  readonly overrideReason?: string;
  readonly apply?: true;
}

/** `perch backup` and `perch restore`: all configuration as one file. */
export function backupCommands(program: Command, commands: Commands): void {
  const backup = program.command('backup <file>').description('all configuration into one file; - for standard output');
  backup.option('--without-secrets', 'no hashes of passwords, and nothing that tokens and hooks are signed with');
  commands.remote<{ withoutSecrets?: true }>(backup, async ({ api, options, terminal }, file = '') => {
    const response = await api.send('GET', 'backup', { query: { secrets: !options.withoutSecrets } });
    const text = await response.text();
    if (file === '-') return terminal.out(text);
    const path = resolve(terminal.cwd, file);
    await writeFile(path, text, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
      throw new CliError(`${path} cannot be written: ${fileReason(error)}.`, exitCodes.usage);
    });
    terminal.note(`Wrote ${path}.`);
  });

  const restore = program.command('restore <file>').description('restore such a file: shows a plan; --apply does it');
  restore
    .addOption(
      new Option('--mode <mode>', 'merge adds and changes; replace also removes what the file does not have')
        .choices(['merge', 'replace'])
        .default('merge'),
    )
    .option('--section <name>', 'only this part, such as users; may be repeated', several)
    .option('--keep-connections', 'nobody is disconnected who gets another password or loses something')
    .option('--override-reason <text>', 'restore rules although access tests fail, and say why')
    .option('--apply', 'do it; otherwise nothing is changed');
  commands.remote<RestoreOptions>(restore, restoreFile);
}

async function restoreFile(task: ServerTask<RestoreOptions>, file = ''): Promise<ExitCode> {
  const { api, options, terminal, print } = task;
  const { mode, section, keepConnections, overrideReason } = options;
  const body = {
    backup: parse(await readInput(file, terminal), file),
    mode,
    disconnect: !keepConnections,
    ...(section && { sections: section }),
    ...(overrideReason === undefined ? {} : { overrideReason }),
  };
  const plan = await api.ask<RestorePlan>('POST', 'backup/plan', { body });
  const isApplied = options.apply === true && plan.isPossible;
  const result = isApplied
    ? await api.ask<RestorePlan>('POST', 'backup/restore', { body: { ...body, plan: plan.plan } })
    : plan;
  print(result, linesOf(result));
  return plan.isPossible ? exitCodes.done : exitCodes.no;
}

function linesOf({ sections, applied, isPossible }: RestorePlan): string[] {
  const counts = sections.map((each) => [
    each.name,
    ...[each.create, each.change, each.remove, each.leave, each.unchanged].map(String),
  ]);
  const end = applied
    ? 'Restored.'
    : isPossible
      ? 'Nothing was changed. Add --apply to do it.'
      : 'Nothing was changed.';
  return [
    ...sections.flatMap(itemLines),
    ...columns(['SECTION', 'CREATE', 'CHANGE', 'REMOVE', 'LEAVE', 'SAME'], counts),
    end,
  ];
}

function itemLines({ name, items, problems, problemCount }: SectionReport): string[] {
  const rows = [
    ...items.map(({ outcome, name: item, changes, note }) => [
      MARKS[outcome],
      item,
      note ?? changes.map(({ field }) => field).join(', '),
    ]),
    ...problems.map(({ path, message }) => ['!', path, message]),
  ];
  const more = problemCount > problems.length ? [`... and ${problemCount - problems.length} more problems.`] : [];
  return [...columns([' ', name, ''], rows), ...more];
}

function parse(bytes: Buffer, file: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch (error) {
    throw new CliError(`The file ${file} is no backup: ${(error as Error).message}.`, exitCodes.usage);
  }
}
