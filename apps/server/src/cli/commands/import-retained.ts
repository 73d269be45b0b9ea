import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RetainedImportResult } from '../../features/retained/retained-file.schemas.js';
import { columns } from '../columns.js';
import type { Commands, ServerTask } from '../command.js';
import { counted } from '../counted.js';
import { CliError, exitCodes, type ExitCode } from '../exit-codes.js';
import { readPassword } from '../read-input.js';

const MIB = 1024 * 1024;
const PART_CHARACTERS = 4 * MIB;
const MOST_PROBLEMS = 100;
const COUNTS = ['lines', 'created', 'replaced', 'kept', 'expired', 'failed'] as const;
const NOTHING = { lines: 0, created: 0, replaced: 0, kept: 0, expired: 0, failed: 0, stopped: null };

interface RetainedOptions {
  readonly filter: string;
  readonly username?: string;
  readonly passwordStdin?: true;
  readonly quiet: number;
  readonly existing: 'replace' | 'keep';
  readonly apply?: true;
}

/** `perch import retained`: the retained messages of a broker that runs. */
export function retainedCommand(group: Command, commands: Commands): void {
  const command = group
    .command('retained <url>')
    .description('what another broker retains, read over MQTT as a client of it: mqtt://host:1883');
  command
    .option('--filter <filter>', 'only what matches it', '#')
    .option('--username <name>')
    .option('--password-stdin', 'read the password from standard input')
    .option('--quiet <seconds>', 'everything has come when nothing came for so long', seconds, 3)
    .addOption(
      new Option('--existing <what>', 'what becomes of topics that have a value here')
        .choices(['replace', 'keep'])
        .default('replace'),
    )
    .option('--apply', 'do it; otherwise nothing is changed');
  commands.remote<RetainedOptions>(command, moveRetained);
}

async function moveRetained(task: ServerTask<RetainedOptions>, url = ''): Promise<ExitCode> {
  if (!/^(mqtts?|wss?):\/\/[^/]/.test(url))
    throw new CliError(`${url} is not the address of a broker: write it as mqtt://localhost:1883.`, exitCodes.usage);
  const file = join(tmpdir(), `perch-retained-${randomUUID()}.ndjson`);
  try {
    await collect(task, url, file);
    const plan = await send(task, file, true);
    const isApplied = task.options.apply === true && plan.failed === 0;
    const result = isApplied ? await send(task, file, false) : plan;
    task.print(result, linesOf(result));
    return result.failed > 0 || result.stopped !== null ? exitCodes.no : exitCodes.done;
  } finally {
    await rm(file, { force: true });
  }
}

async function collect({ options, terminal }: ServerTask<RetainedOptions>, url: string, file: string): Promise<void> {
  const { collectRetained } = await import('../../moving/collect-retained.js');
  const { filter, username, quiet } = options;
  const password = options.passwordStdin ? await readPassword(terminal) : undefined;
  const source = { url, filter, quietMs: quiet * 1000, ...(username && { username }), ...(password && { password }) };
  const { messages, bytes } = await collectRetained(source, file, (collected) =>
    terminal.progress(`${collected.messages} messages, ${(collected.bytes / MIB).toFixed(1)} MiB`),
  ).catch((error: unknown) => {
    throw new CliError(`${url} cannot be read: ${(error as Error).message || 'it does not answer'}`, exitCodes.no);
  });
  terminal.note(`Read ${counted(messages, 'retained message')}, ${(bytes / MIB).toFixed(1)} MiB, from ${url}.`);
}

/** In parts, so that none takes longer than a server waits for one. What is told of lines is told of those of the file. */
async function send(
  { api, options, terminal }: ServerTask<RetainedOptions>,
  file: string,
  dryRun: boolean,
): Promise<RetainedImportResult> {
  const query = { existing: options.existing, dryRun };
  const all: RetainedImportResult = { ...NOTHING, applied: !dryRun, problems: [] };
  for await (const part of partsOf(file)) {
    const stream = { type: 'application/x-ndjson', body: new Blob([part]).stream() };
    const result = await api.ask<RetainedImportResult>('POST', 'retained/import', { query, stream });
    const problems = result.problems.map((each) => ({ ...each, line: each.line + all.lines }));
    for (const key of COUNTS) all[key] += result[key];
    all.problems = [...all.problems, ...problems].slice(0, MOST_PROBLEMS);
    all.stopped = result.stopped;
    if (all.stopped !== null) break;
    terminal.progress(`${dryRun ? 'Tried' : 'Imported'} ${all.lines} messages`);
  }
  return all;
}

async function* partsOf(file: string): AsyncGenerator<string> {
  let part = '';
  for await (const line of createInterface(createReadStream(file))) {
    part += `${line}\n`;
    if (part.length < PART_CHARACTERS) continue;
    yield part;
    part = '';
  }
  if (part !== '') yield part;
}

function linesOf({
  applied,
  created,
  replaced,
  kept,
  expired,
  failed,
  problems,
  stopped,
}: RetainedImportResult): string[] {
  const rows = problems.map(({ line, path, message }) => [String(line), path ?? '', message]);
  const would = applied ? '' : 'would be ';
  return [
    ...columns(['LINE', 'FIELD', 'PROBLEM'], rows),
    `${would}created ${created}, replaced ${replaced}, kept ${kept}, expired ${expired}; wrong ${failed}.`,
    ...(stopped === null ? [] : [`It stopped: ${stopped}`]),
    ...(applied ? [] : ['Nothing was changed. Add --apply to do it.']),
  ];
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 600)) throw new InvalidArgumentError('It has to be a number of seconds up to 600.');
  return value;
}
