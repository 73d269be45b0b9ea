import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { OperatorApi } from '../support/operator-api.js';
import type { PerchServer } from '../support/perch-server.js';
import { waitFor } from '../support/wait-for.js';

/** What a server has at one moment when nobody but the bystanders is connected. */
export interface Footprint {
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** Open files and sockets. */
  readonly handles: number;
  readonly clientsOnline: number;
  readonly clientsKnown: number;
  readonly subscriptions: number;
  readonly retained: number;
}

type Stats = Pick<Footprint, 'clientsOnline' | 'clientsKnown' | 'subscriptions' | 'retained'> & {
  readonly refusals: Readonly<Record<string, number>>;
};

/** A line that a healthy server never logs: a stack, or a word of its own about a fault of its own. */
const FAULT =
  /A bug in Perch|internal-error|unhandled|uncaught|\\n\s+at |^\s+at .+:\d+:\d+\)?$|"level":"?(error|fatal|50|60)/i;
const REST_TIMEOUT_MS = 60_000;

/** Sees whether the server is well: alive, without faults in its log, and no larger than before. */
export class ServerWatch {
  readonly faults: string[] = [];
  private readonly pid: number;
  private commands = 0;
  private debuggerUrl: string | null = null;
  private debuggerSocket: WebSocket | null = null;

  constructor(
    private readonly server: PerchServer,
    private readonly admin: OperatorApi,
  ) {
    this.pid = server.pid;
  }

  /** How a server has to be started that is to be watched: it lets us collect its garbage. */
  static readonly nodeFlags = ['--inspect=127.0.0.1:0'];

  /** Takes a line of the server's log. */
  readonly read = (line: string): void => {
    this.debuggerUrl ??= /Debugger listening on (ws:\S+)/.exec(line)?.[1] ?? null;
    if (FAULT.test(line)) this.faults.push(line.slice(0, 2000));
  };

  /** What is wrong with the server now. */
  get problems(): readonly string[] {
    const isSame = this.server.isRunning && this.server.pid === this.pid;
    return isSame ? this.faults : [...this.faults, `The server has ended:\n${this.server.output.slice(-4000)}`];
  }

  /** Waits until all connections but those of `clients` clients are gone, collects garbage, and looks. */
  async footprint(clients: number): Promise<Footprint> {
    await waitFor(async () => (await this.stats()).clientsOnline <= clients, {
      what: 'the clients of the fuzzer to be gone',
      timeoutMs: REST_TIMEOUT_MS,
    });
    await delay(1000); // lingering sockets, write-behind
    await this.command('HeapProfiler.collectGarbage');
    await this.command('HeapProfiler.collectGarbage');
    const { usedSize } = (await this.command('Runtime.getHeapUsage')) as { usedSize: number };
    const { clientsOnline, clientsKnown, subscriptions, retained, refusals } = await this.stats();
    if (refusals['internal-error']) this.faults.push(`${refusals['internal-error']} refusals for a fault of its own`);
    return {
      heapBytes: usedSize,
      rssBytes: await this.server.memoryBytes(),
      handles: (await readdir(`/proc/${this.pid}/fd`).catch(() => [])).length,
      clientsOnline,
      clientsKnown,
      subscriptions,
      retained,
    };
  }

  close(): void {
    this.debuggerSocket?.terminate();
  }

  private stats(): Promise<Stats> {
    return this.admin.get('/stats');
  }

  /** Asks the server's own V8, by the Chrome DevTools protocol. */
  private async command(method: string): Promise<unknown> {
    if (this.debuggerUrl === null) throw new Error('The server was not started with the flags of ServerWatch.');
    const socket = (this.debuggerSocket ??= new WebSocket(this.debuggerUrl, { perMessageDeflate: false }));
    if (socket.readyState !== WebSocket.OPEN) await new Promise((resolve) => socket.once('open', resolve));
    const id = ++this.commands;
    const answer = new Promise((resolve) => {
      const take = (data: Buffer) => {
        const message = JSON.parse(data.toString()) as { id?: number; result?: unknown };
        if (message.id !== id) return;
        socket.off('message', take);
        resolve(message.result);
      };
      socket.on('message', take);
    });
    socket.send(JSON.stringify({ id, method }));
    return answer;
  }
}
