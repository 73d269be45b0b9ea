import { type Command, CommanderError, InvalidArgumentError } from 'commander';
import { exitCodes, type ExitCode } from './exit-codes.js';
import { reachServer, type Whereabouts } from './reach-server.js';
import type { RestApi } from './rest-api.js';
import type { Terminal } from './terminal.js';

/** What every command may be told besides what it is about. */
export interface CommonOptions extends Whereabouts {
  readonly json?: true;
}

/** What a command works with. */
export interface Task<Options> {
  readonly options: Options & CommonOptions;
  readonly terminal: Terminal;
  /** Prints the value as JSON where that is asked for, and otherwise these lines. */
  readonly print: (value: unknown, lines: readonly string[]) => void;
}

/** The same with a server. */
export interface ServerTask<Options> extends Task<Options> {
  readonly api: RestApi;
}

type Outcome = Promise<ExitCode | void>;

/** Gives commands their actions. What an action returns is the exit code; nothing stands for `done`. */
export class Commands {
  exitCode: ExitCode = exitCodes.done;

  constructor(private readonly terminal: Terminal) {}

  /** The action gets the arguments of the command as they were declared. */
  local<Options>(command: Command, action: (task: Task<Options>, ...args: string[]) => Outcome): void {
    command.action(async () => {
      const options = command.optsWithGlobals<Options & CommonOptions>();
      const print: Task<Options>['print'] = (value, lines) => {
        if (options.json) this.terminal.out(JSON.stringify(value, null, 2));
        else for (const line of lines) this.terminal.out(line);
      };
      const task = { options, terminal: this.terminal, print };
      this.exitCode = (await action(task, ...(command.processedArgs as string[]))) ?? exitCodes.done;
    });
  }

  /** The same for what needs a server that runs. */
  live<Options>(command: Command, action: (task: ServerTask<Options>, ...args: string[]) => Outcome): void {
    this.served(command, { isLive: true }, action);
  }

  /** The same for what needs a server, or the database of one that is stopped. */
  remote<Options>(command: Command, action: (task: ServerTask<Options>, ...args: string[]) => Outcome): void {
    this.served(command, { isLive: false }, action);
  }

  private served<Options>(
    command: Command,
    { isLive }: Required<Pick<Whereabouts, 'isLive'>>,
    action: (task: ServerTask<Options>, ...args: string[]) => Outcome,
  ): void {
    this.local<Options>(command, async (task, ...args) => {
      const { api, close } = await reachServer({ ...task.options, isLive }, this.terminal);
      try {
        return await action({ ...task, api }, ...args);
      } finally {
        await close();
      }
    });
  }
}

/** A number of an option. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It has to be a whole number.');
  return Number(text);
}

/** An option that may be given several times. */
export function several(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** Whether commander ended because somebody asked for help or the version. */
export function isAnswered(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0;
}
