import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { waitFor, within } from '../../../support/wait-for.js';
import { pinned } from '../pinning.js';

const KEPT_CHARACTERS = 4000;

/** What a child process needs beside its command. */
export interface ChildOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A broker's process, on the core of brokers. It is ended with this process. */
export class Child {
  private output = '';
  private readonly process: ChildProcess;
  // Not SIGKILL: Perch has a Postgres to end.
  private readonly endAtExit = () => this.process.kill('SIGINT');

  constructor(command: readonly string[], { cwd, env = {} }: ChildOptions = {}) {
    const [program = '', ...args] = pinned('broker', command);
    this.process = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      ...(cwd !== undefined && { cwd }),
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output = (this.output + chunk.toString()).slice(-KEPT_CHARACTERS)));
    }
    this.process.on('error', (error) => (this.output += error.message));
    process.once('exit', this.endAtExit);
  }

  // `taskset` becomes the program that it starts, so this is the broker itself.
  get pid(): number {
    if (this.process.pid === undefined) throw new Error(`It did not start: ${this.output}`);
    return this.process.pid;
  }

  /** Resolves when somebody listens on the port. */
  async listens(port: number): Promise<void> {
    const isOver = () => this.process.exitCode !== null || this.process.signalCode !== null;
    const answer = await waitFor(async () => (isOver() ? 'over' : (await accepts(port)) && 'listens'), {
      what: `somebody to listen on port ${port}`,
      timeoutMs: 60_000,
    });
    if (answer === 'over') throw new Error(`It has ended: ${this.output}`);
  }

  async stop(): Promise<void> {
    process.off('exit', this.endAtExit);
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = once(this.process, 'exit');
    this.process.kill('SIGINT');
    try {
      await within(gone, { what: 'the end of a broker', timeoutMs: 20_000 });
    } catch {
      this.process.kill('SIGKILL');
      await gone;
    }
  }
}

/** So many ports that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
