import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { fileReason } from '../../config/file-reason.js';
import type { AuditReport } from '../../features/audit/audit.schemas.js';
import { isHash, type KnownHashes, verifyExport } from '../../features/audit/verify-export.js';
import type { Commands, Task } from '../command.js';
import { counted } from '../counted.js';
import { CliError, exitCodes, type ExitCode } from '../exit-codes.js';
import { reachServer } from '../reach-server.js';

/** `perch audit verify`: whether the audit log, or an export of it, is as it was written. */
export function auditCommands(program: Command, commands: Commands): void {
  const verify = program
    .command('audit')
    .description('the log of what operators did')
    .command('verify [file]')
    .description('whether the log is as it was written: an export (NDJSON, unfiltered), or that of the server')
    .option('--head <hash>', 'with a file: the last hash, as it was noted elsewhere', hash)
    .option('--from <hash>', 'with a file: the hash that its oldest entry follows, where older ones were cut', hash);
  commands.local<KnownHashes>(verify, (task, file) => (file === undefined ? verifyLog(task) : verifyFile(task, file)));
}

/** The server walks along its whole log. */
async function verifyLog({ options, terminal, print }: Task<KnownHashes>): Promise<ExitCode> {
  if (options.head !== undefined || options.from !== undefined)
    throw new CliError('--head and --from are for an export: name its file.', exitCodes.usage);
  const { api, close } = await reachServer(options, terminal);
  try {
    const report = await api.ask<AuditReport>('GET', 'audit/verify');
    const { entries, head, brokenAt } = report;
    print(report, [
      brokenAt === null
        ? `Intact: ${counted(entries, 'entry', 'entries')}. The last hash, to be noted elsewhere: ${head}`
        : `BROKEN at entry ${brokenAt.id} of ${brokenAt.at}; ${entries} before it hold.`,
    ]);
    return report.isIntact ? exitCodes.done : exitCodes.no;
  } finally {
    await close();
  }
}

/** Without any server: who does not trust it checks what it once gave. */
async function verifyFile({ options, terminal, print }: Task<KnownHashes>, file: string): Promise<ExitCode> {
  const report = await verifyExport(linesOf(resolve(terminal.cwd, file)), options).catch((error: unknown) => {
    throw new CliError(`${file} cannot be read as an export of the log: ${fileReason(error)}.`, exitCodes.usage);
  });
  if (report.entries === 0) throw new CliError(`${file} holds no entry.`, exitCodes.usage);
  print(report, [report.says]);
  return report.isIntact ? exitCodes.done : exitCodes.no;
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const handle = await open(path);
  try {
    if (!(await handle.stat()).isFile()) throw new Error('it is no file');
    yield* handle.readLines();
  } finally {
    await handle.close();
  }
}

function hash(text: string): string {
  if (!isHash(text)) throw new InvalidArgumentError('It has to be 64 hexadecimal digits.');
  return text;
}
