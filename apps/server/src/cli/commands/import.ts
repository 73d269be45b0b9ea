import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { fileReason } from '../../config/file-reason.js';
import { type Directive, readMosquittoConf } from '../../moving/mosquitto-conf.js';
import { type MosquittoTranslation, translateMosquitto } from '../../moving/translate-mosquitto.js';
import type { TranslatedLine } from '../../moving/translation.js';
import { columns } from '../columns.js';
import type { Commands, ServerTask } from '../command.js';
import { CliError, exitCodes, type ExitCode } from '../exit-codes.js';
import { retainedCommand } from './import-retained.js';
import { type Mover, moveDynamicSecurity, movePasswords, moveRules } from './move-access.js';

interface MoveOptions {
  readonly apply?: true;
  readonly write?: string;
  readonly force?: true;
}

const FILE_KEYS = /^(password_file|acl_file|certfile|keyfile|cafile|(plugin|auth)_opt_config_file)$/;

/** `perch import …`: moving in from another broker. A plan first; `--apply` carries it out. */
export function importCommands(program: Command, commands: Commands): void {
  const group = program.command('import').description('move in from another broker: shows a plan; --apply does it');
  const mosquitto = group
    .command('mosquitto <mosquitto.conf>')
    .description('settings, users and rules of a Mosquitto; relative paths are those of its folder');
  mosquitto
    .option('--write <file>', 'where the settings go, for "perch start --config <file>"', 'perch.config.json')
    .option('--force', 'also over a file that is there')
    .option('--apply', 'do it; otherwise nothing is changed');
  commands.remote<MoveOptions>(mosquitto, moveMosquitto);
  retainedCommand(group, commands);
}

async function moveMosquitto(task: ServerTask<MoveOptions>, file = ''): Promise<ExitCode> {
  const { options, terminal, print } = task;
  const conf = resolve(terminal.cwd, file);
  const at = (path: string) => resolve(dirname(conf), path);
  const translation = translateMosquitto(readConf(conf, at));
  if (translation.isForeign)
    throw new CliError(`${conf} is no mosquitto.conf: no line of it is known.`, exitCodes.usage);
  const target = resolve(terminal.cwd, options.write ?? '');
  const isInTheWay = !options.force && existsSync(target);
  if (options.apply && isInTheWay)
    throw new CliError(`${target} is there already: name another with --write, or add --force.`, exitCodes.usage);
  const mover: Mover = { api: task.api, terminal, isApplied: options.apply ?? false };
  const access = await moveAccess(mover, translation, at);
  const wrong = access.filter(({ isWrong }) => isWrong);
  const isDone = mover.isApplied && wrong.length === 0;
  if (isDone) await writeFile(target, `${JSON.stringify(translation.settings, null, 2)}\n`, { mode: 0o600 });
  print({ ...translation, access, applied: isDone }, [
    ...linesOf(translation.lines),
    '',
    `${isDone ? 'Wrote' : 'Would write'} ${target}${isInTheWay ? ', which is there already: add --force, or name another with --write' : ''}:`,
    JSON.stringify(translation.settings, null, 2),
    '',
    ...access.map(({ says }) => says),
    ...(isDone || wrong.length > 0 ? [] : ['', 'Nothing was changed. Add --apply to do it.']),
  ]);
  return wrong.length > 0 ? exitCodes.no : exitCodes.done;
}

/** Users before rules, which name them. What is wrong is found before anything is changed. */
async function moveAccess(mover: Mover, files: MosquittoTranslation, at: (path: string) => string) {
  const steps = [
    ...files.passwordFiles.map((path) => (each: Mover) => movePasswords(each, read(at(path)), path)),
    ...files.dynamicSecurityFiles.map((path) => (each: Mover) => moveDynamicSecurity(each, read(at(path)), path)),
    // Each replaces the rules, so the files are one.
    ...(files.aclFiles.length === 0
      ? []
      : [
          (each: Mover) =>
            moveRules(each, files.aclFiles.map((path) => read(at(path))).join('\n'), files.aclFiles.join()),
        ]),
  ];
  const tried = await inTurn(steps, { ...mover, isApplied: false });
  return mover.isApplied && !tried.some(({ isWrong }) => isWrong) ? inTurn(steps, mover) : tried;
}

async function inTurn<Outcome>(steps: readonly ((mover: Mover) => Promise<Outcome>)[], mover: Mover) {
  const outcomes: Outcome[] = [];
  for (const step of steps) outcomes.push(await step(mover));
  return outcomes;
}

/** Paths are written out, so that the settings may lie elsewhere. */
function readConf(conf: string, at: (path: string) => string): Directive[] {
  const directives = orSay(conf, () =>
    readMosquittoConf(conf, {
      read: (path) => read(path),
      list: (folder) => readFolder(at(folder)),
      join: (folder, name) => join(at(folder), name),
    }),
  );
  return directives.map((each) => (FILE_KEYS.test(each.key) ? { ...each, value: at(each.value) } : each));
}

function read(path: string): string {
  return orSay(path, () => readFileSync(path, 'utf8'));
}

function readFolder(path: string): string[] {
  return orSay(path, () => readdirSync(path));
}

function orSay<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`${path} cannot be read: ${fileReason(error)}.`, exitCodes.usage);
  }
}

function linesOf(lines: readonly TranslatedLine[]): string[] {
  return columns(
    ['WHERE', 'LINE', 'FATE', 'WHAT BECOMES OF IT'],
    lines.map(({ place, text, fate, says }) => [place, text, fate, says]),
  );
}
