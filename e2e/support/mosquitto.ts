import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { waitFor, within } from './wait-for.js';

/** Whether mosquitto_pub and mosquitto_sub are there. */
export const hasMosquitto = ['mosquitto_pub', 'mosquitto_sub'].every(
  (name) => spawnSync(name, ['--help'], { stdio: 'ignore' }).error === undefined,
);

/** Says once why the tests with mosquitto's programs do not run. */
export function explainMissingMosquitto(): void {
  if (!hasMosquitto)
    console.warn('Skipped: mosquitto_pub and mosquitto_sub are not installed (Debian: mosquitto-clients).');
}

/** Where and as whom one of mosquitto's programs connects. */
export interface MosquittoLogin {
  readonly port: number;
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
}

/** How a program ended. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

const running = new Set<MosquittoSub>();

/** Runs mosquitto_pub to its end. */
export async function mosquittoPub(login: MosquittoLogin, ...args: string[]): Promise<Ended> {
  const child = spawn('mosquitto_pub', [...loginArgs(login), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = collect(child);
  const [code] = (await within(once(child, 'close'), { what: 'mosquitto_pub to end' })) as [number | null];
  return { code, output: output.join('') };
}

/** A mosquitto_sub that runs until it is stopped. */
export class MosquittoSub {
  private readonly chunks: string[];

  private constructor(private readonly child: ChildProcess) {
    this.chunks = collect(child);
    running.add(this);
    child.once('exit', () => running.delete(this));
  }

  /** Resolves when the broker has answered its subscribe. */
  static async start(login: MosquittoLogin, ...args: string[]): Promise<MosquittoSub> {
    // -d tells of the packets: the only way to know that it has subscribed. Its lines come unbuffered through stdbuf.
    const command = ['-oL', 'mosquitto_sub', '-d', ...loginArgs(login), ...args];
    const sub = new MosquittoSub(spawn('stdbuf', command, { stdio: ['ignore', 'pipe', 'pipe'] }));
    await sub.says(/Subscribed|received SUBACK|CONNACK \((?!0\))/i);
    return sub;
  }

  get output(): string {
    return this.chunks.join('');
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async says(pattern: RegExp): Promise<void> {
    await waitFor(() => pattern.test(this.output), { what: `mosquitto_sub to say ${String(pattern)}` });
  }

  /** Resolves when it has ended by itself or by our signal. */
  async ended(): Promise<number | null> {
    await waitFor(() => !this.isRunning, { what: 'mosquitto_sub to end' });
    return this.child.exitCode;
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    this.child.kill(signal);
  }
}

/** Ends all subscribers that a test left running. */
export function killMosquitto(): void {
  for (const sub of [...running]) sub.kill();
}

function loginArgs({ port, clientId, username, password }: MosquittoLogin): string[] {
  return ['-h', '127.0.0.1', '-p', String(port), '-i', clientId, '-u', username, '-P', password];
}

function collect(child: ChildProcess): string[] {
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  return chunks;
}
