import { Command, CommanderError } from 'commander';
import { sourceStack } from '../boot/source-stack.js';
import { ConfigError } from '../config/read-config.js';
import { version } from '../config/version.js';
import { Commands, isAnswered } from './command.js';
import { auditCommands } from './commands/audit.js';
import { backupCommands } from './commands/backup.js';
import { clientCommands } from './commands/clients.js';
import { doctorCommand } from './commands/doctor.js';
import { importCommands } from './commands/import.js';
import { policyCommands } from './commands/policy.js';
import { publishCommand } from './commands/publish.js';
import { subscribeCommand } from './commands/subscribe.js';
import { userCommands } from './commands/user.js';
import { fromHmq } from '../moving/hmq/from-hmq.js';
import { CliError, exitCodes, type ExitCode } from './exit-codes.js';
import type { Terminal } from './terminal.js';

const COMMON_FLAGS = new Set(['--help', '-h', '--version', '-v', '--json']);
const COMMON_OPTIONS = new Set(['--server', '--api-key-file']);

const EXIT_CODES = `
Exit codes: 0 done, or yes; 1 it failed, or no; 2 the command line is wrong; 3 nothing can be reached;
4 the API key is missing or may not do this.`;

/** Runs one command line. Resolves with its exit code; with null where a server has been started, which goes on. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<ExitCode | null> {
  const server = serverArgs(args);
  if (server !== null) {
    const { run } = await import('../boot/run.js');
    await run(fromHmq({ args: server, env: terminal.env, cwd: terminal.cwd }, terminal.out));
    return null;
  }
  const commands = new Commands(terminal);
  try {
    await programOf(commands, terminal).parseAsync(args, { from: 'user' });
    return commands.exitCode;
  } catch (error) {
    return isAnswered(error) ? exitCodes.done : explain(error, terminal);
  }
}

/** What follows `start`; flags alone mean the same. Null where something else is to be done. */
function serverArgs(args: readonly string[]): readonly string[] | null {
  const [first = '', second] = args;
  if (first === 'start') return args.slice(1);
  const [flag = ''] = first.split('=');
  if (!first.startsWith('-') || COMMON_FLAGS.has(flag) || COMMON_OPTIONS.has(flag)) return null;
  // `--config FILE` alone starts the server; a command may follow it as well.
  const isCommandBehind = first === '--config' ? isWord(args[2]) : flag === '--config' && isWord(second);
  return isCommandBehind ? null : args;
}

function isWord(arg: string | undefined): boolean {
  return arg !== undefined && !arg.startsWith('-');
}

function programOf(commands: Commands, terminal: Terminal): Command {
  const program = new Command('perch')
    .description('Perch, a message broker with a dashboard.')
    .version(version, '-v, --version')
    .option('--server <url>', 'the server, as http://localhost:8080 (PERCH_URL); otherwise the one that runs here')
    .option('--api-key-file <file>', 'a file that holds the API key (PERCH_API_KEY holds the key itself)')
    .option('--config <file>', 'the settings that say where the server and its database are')
    .option('--json', 'print JSON')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    });
  program.command('start').description('run the server; "perch start --help" lists its settings').allowUnknownOption();
  for (const add of [
    userCommands,
    policyCommands,
    clientCommands,
    publishCommand,
    subscribeCommand,
    importCommands,
    backupCommands,
    auditCommands,
    doctorCommand,
  ])
    add(program, commands);
  pointToHelp(program);
  return program;
}

/** Whoever mistypes a command is told where its words are listed. */
function pointToHelp(command: Command, path = command.name()): void {
  command.showHelpAfterError(`"${path} --help" lists what there is.`);
  for (const each of command.commands) pointToHelp(each, `${path} ${each.name()}`);
}

function explain(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof CommanderError) return exitCodes.usage; // it has been told already
  if (error instanceof CliError) {
    terminal.note(error.message);
    return error.exitCode;
  }
  if (error instanceof ConfigError) {
    terminal.note(`The settings are wrong:\n${error.problems.map((problem) => `  - ${problem}`).join('\n')}`);
    return exitCodes.usage;
  }
  terminal.note(error instanceof Error ? sourceStack(error.stack ?? error.message) : String(error));
  return exitCodes.no;
}
