import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';
import { printable } from '../columns.js';
import { type Commands, type ServerTask, wholeNumber } from '../command.js';
import { CliError, exitCodes, type ExitCode } from '../exit-codes.js';

const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

interface SubscribeOptions {
  readonly retained: boolean;
  readonly count?: number;
}

interface Received {
  readonly topic: string;
  readonly payload: string;
  readonly encoding?: 'base64';
}

/** `perch subscribe`: messages as they come, until it is interrupted. */
export function subscribeCommand(program: Command, commands: Commands): void {
  const command = program.command('subscribe').description('print messages as they come, one to a line, until Ctrl-C');
  command
    .argument('<filter>', 'a topic filter')
    .option('--no-retained', 'without what topics keep')
    .option('--count <n>', 'end after so many messages', wholeNumber);
  commands.live<SubscribeOptions>(command, (task, filter = '') => new Listening(task, filter).run());
}

/** One subscription over as many responses as it takes. */
class Listening {
  private lastEventId: string | null = null;
  private received = 0;
  private retryMs = RETRY_MS;
  private verdict: ExitCode | null = null;

  constructor(
    private readonly task: ServerTask<SubscribeOptions>,
    private readonly filter: string,
  ) {}

  async run(): Promise<ExitCode> {
    const { interrupted, note } = this.task.terminal;
    let wasOpen = false;
    while (this.verdict === null && !interrupted.aborted) {
      try {
        await this.read(() => {
          wasOpen = true;
          this.retryMs = RETRY_MS;
        });
      } catch (error) {
        if (interrupted.aborted) break;
        // What the server says no to, it says no to again.
        if (!wasOpen || (error instanceof CliError && error.exitCode !== exitCodes.unreachable)) throw error;
      }
      if (this.verdict !== null || interrupted.aborted) break;
      note(`The connection broke; trying again in ${this.retryMs / 1000} s.`);
      await delay(this.retryMs, undefined, { signal: interrupted }).catch(() => undefined);
      this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
    }
    return this.verdict ?? exitCodes.done;
  }

  private async read(opened: () => void): Promise<void> {
    const { api, options, terminal } = this.task;
    const response = await api.send('GET', 'subscribe', {
      query: { filter: this.filter, retained: options.retained },
      headers: this.lastEventId === null ? {} : { 'Last-Event-ID': this.lastEventId },
      signal: terminal.interrupted,
    });
    opened();
    const events = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const event of events ?? []) {
      this.take(event);
      if (this.verdict !== null) return; // leaving the loop cancels the response
    }
  }

  private take({ event, data, id }: EventSourceMessage): void {
    if (id !== undefined) this.lastEventId = id;
    const { note } = this.task.terminal;
    const told = JSON.parse(data) as Record<string, unknown>;
    switch (event) {
      case undefined:
        return this.show(told as unknown as Received, data);
      case 'gap':
        return note(
          `Messages were lost in a break: ${told.lost === null ? 'nobody knows how many' : Number(told.lost)}.`,
        );
      case 'dropped':
        return note(`This was too slow: ${Number(told.count)} messages were dropped.`);
      case 'revoked':
        return note(`May not be subscribed to any more: ${printable((told.filters as string[]).join(', '))}`);
      case 'end':
        note(`The server ended it: ${printable(String(told.reason))}`);
        this.verdict = exitCodes.no;
        return;
      default: // `subscribed`, and what a later server may tell
    }
  }

  private show(message: Received, data: string): void {
    const { options, terminal } = this.task;
    terminal.out(options.json ? data : lineOf(message));
    if (++this.received === options.count) this.verdict = exitCodes.done;
  }
}

function lineOf({ topic, payload, encoding }: Received): string {
  return `${printable(topic)} ${encoding === 'base64' ? `base64:${payload}` : printable(payload)}`;
}
