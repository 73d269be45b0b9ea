import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import pg from 'pg';
import { waitFor, within } from './wait-for.js';

const serverFolder = join(import.meta.dirname, '../../apps/server');
/** What `npm start` runs, and the command `perch`. */
const mainFile = join(serverFolder, 'dist/bundle/main.js');
export const commandFile = join(serverFolder, 'bin/perch.mjs');
const START_TIMEOUT_MS = 60_000;
const KEPT_LINES = 400;

/** Names the folder of a server that nobody has used yet. */
export const TEMPLATE = 'PERCH_E2E_TEMPLATE';

/** The password of the operator `admin` where a test does not set up the server by the one-time link. */
export const adminPassword = 'correct horse battery staple';

/** How a server of a test is to be. */
export interface ServerOptions {
  /** Without, the operator is made by the one-time link that `setupUrl` names. */
  readonly adminPassword?: string | null;
  readonly flags?: readonly string[];
  /** Everything it ever prints goes into `server.log` in its folder, too. */
  readonly keepsLog?: boolean;
  /** Started as `perch start`. */
  readonly byCommand?: true;
  /** Flags of Node itself. */
  readonly nodeFlags?: readonly string[];
  /** Told of everything it prints and logs, line by line. */
  readonly onLine?: (line: string) => void;
}

/** What the server told about itself when it was up. */
interface Banner {
  readonly httpPort: number;
  readonly mqttPort: number;
  readonly setupUrl: string | null;
}

/** The built product as a child process with a data folder of its own: what a user has after `npm start`. */
export class PerchServer {
  private child: ChildProcess | null = null;
  private banner: Banner = { httpPort: 0, mqttPort: 0, setupUrl: null };
  private readonly lines: string[] = [];
  private readonly killAtExit = () => this.killAll();

  private constructor(
    readonly dataDir: string,
    private readonly options: ServerOptions,
  ) {
    process.once('exit', this.killAtExit);
  }

  /** Starts a server with an empty database on free ports; resolves when it is ready. */
  static async start(options: ServerOptions = {}): Promise<PerchServer> {
    const dataDir = await newDataDir();
    const server = new PerchServer(dataDir, options);
    try {
      await server.boot();
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** Where the dashboard is, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${this.banner.httpPort}`;
  }

  get httpPort(): number {
    return this.banner.httpPort;
  }

  get mqttPort(): number {
    return this.banner.mqttPort;
  }

  /** Where MQTT clients connect over TCP. */
  get mqttUrl(): string {
    return `mqtt://127.0.0.1:${this.mqttPort}`;
  }

  /** Where MQTT clients connect over WebSocket. */
  get mqttWsUrl(): string {
    return `ws://127.0.0.1:${this.httpPort}/mqtt`;
  }

  /** Where clients of perch.json connect. */
  get jsonUrl(): string {
    return `ws://127.0.0.1:${this.httpPort}/ws`;
  }

  /** The one-time link that was printed. */
  get setupUrl(): string {
    if (this.banner.setupUrl === null) throw new Error(`No set-up link was printed:\n${this.output}`);
    return this.banner.setupUrl;
  }

  get pid(): number {
    if (!this.child?.pid) throw new Error('The server is not running.');
    return this.child.pid;
  }

  /** What the server printed and logged, the newest last. */
  get output(): string {
    return this.lines.join('\n');
  }

  get isRunning(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** What it printed last where it has told of a bug of its own, or ended by one; null where it has not. */
  get bug(): string | null {
    return this.child?.exitCode === 1 || this.output.includes('A bug in Perch') ? this.output : null;
  }

  /** As Ctrl-C does; resolves when the process is gone, with its exit code. */
  async interrupt(): Promise<number | null> {
    return this.end('SIGINT');
  }

  /** The power fails, for the server alone: its Postgres is left behind. */
  async kill9(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Starts again on the same data and the same ports. */
  async restart(): Promise<void> {
    if (this.isRunning) await this.interrupt();
    await this.boot();
  }

  /** Ends it and removes its data, unless somebody wants to look at them. */
  async stop({ keepsData = false } = {}): Promise<void> {
    if (this.isRunning) await this.interrupt();
    this.killAll();
    process.off('exit', this.killAtExit);
    if (!keepsData) await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  /** Bytes of memory that the server process has now. */
  async memoryBytes(): Promise<number> {
    const status = await readFile(`/proc/${this.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  }

  /** The process id of the built-in Postgres. */
  get postgresPid(): number {
    const pid = Number(readFileSync(join(this.dataDir, 'data/postgres/postmaster.pid'), 'utf8').split('\n')[0]);
    if (!(pid > 1)) throw new Error('No Postgres is running.');
    return pid;
  }

  /** The process ids of the built-in Postgres and of all that it has started. */
  async postgresPids(): Promise<number[]> {
    const postmaster = this.postgresPid;
    const children = await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8');
    return [postmaster, ...children.split(' ').filter(Boolean).map(Number)];
  }

  /** Asks the built-in Postgres itself, past the server. */
  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    const password = (await readFile(join(this.dataDir, 'data/postgres.password'), 'utf8')).trim();
    const port = Number((await readFile(join(this.dataDir, 'data/postgres/postmaster.pid'), 'utf8')).split('\n')[3]);
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'perch', database: 'perch', password });
    client.on('error', () => undefined); // when Postgres ends: the query tells
    await client.connect();
    try {
      return (await client.query<Row>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  private async boot(): Promise<void> {
    const password = this.options.adminPassword === undefined ? adminPassword : this.options.adminPassword;
    const program = this.options.byCommand ? [commandFile, 'start'] : [mainFile];
    const child = spawn(process.execPath, [...(this.options.nodeFlags ?? []), ...program, ...this.flags()], {
      cwd: this.dataDir,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        ...(password === null ? {} : { PERCH_ADMIN_PASSWORD: password }),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => this.keepLine(line));
    }
    this.lines.length = 0;
    try {
      await this.untilReady();
    } catch (error) {
      child.kill('SIGKILL');
      throw new Error(`The server did not start:\n${this.output}`, { cause: error });
    }
  }

  private async untilReady(): Promise<void> {
    const wait = { what: 'the server to say where it is', timeoutMs: START_TIMEOUT_MS };
    // A process that has ended says nothing any more: no need to wait for it.
    const banner = await waitFor(() => readBanner(this.output) ?? (this.isRunning ? null : 'gone'), wait);
    if (banner === 'gone') throw new Error('It has ended.');
    this.banner = banner;
    await waitFor(async () => (await fetch(`${this.url}/health/ready`)).ok, { what: 'readiness' });
  }

  private flags(): string[] {
    const { httpPort, mqttPort } = this.banner;
    const ports = ['--http-port', String(httpPort), '--mqtt-port', String(mqttPort)];
    return [...ports, '--host', '127.0.0.1', '--data-dir', join(this.dataDir, 'data'), ...(this.options.flags ?? [])];
  }

  private keepLine(line: string): void {
    this.lines.push(line);
    this.options.onLine?.(line);
    if (this.options.keepsLog) appendFileSync(join(this.dataDir, 'server.log'), `${line}\n`);
    if (this.lines.length > KEPT_LINES) this.lines.shift();
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    if (!child || !this.isRunning) return child?.exitCode ?? null;
    const gone = once(child, 'exit');
    child.kill(signal);
    await within(gone, { what: `the server to end after ${signal}`, timeoutMs: 30_000 });
    return child.exitCode;
  }

  private killAll(): void {
    if (this.isRunning) this.child?.kill('SIGKILL');
    try {
      process.kill(this.postgresPid, 'SIGKILL');
    } catch {
      // None left: as it should be.
    }
  }
}

/** A folder of its own, with the empty database of this test run where there is one: to make each anew takes seconds. */
async function newDataDir(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'perch-e2e-'));
  await chmod(dataDir, 0o755); // Postgres runs as another account when the tests run as root
  const template = process.env[TEMPLATE];
  // Owners and rights are as they were: Postgres starts with no others.
  if (template) await promisify(execFile)('cp', ['-a', join(template, 'data'), dataDir]);
  return dataDir;
}

/** Reads what is printed once the server is up, or null before. */
function readBanner(output: string): Banner | null {
  const web = /Dashboard\s+http:\/\/[^\s:]+:(\d+)\//.exec(output);
  const mqtt = /mqtt:\/\/[^\s:]+:(\d+)/.exec(output);
  if (!web || !mqtt) return null;
  const setup = /Set up\s+(http:\/\/\S+)/.exec(output);
  return { httpPort: Number(web[1]), mqttPort: Number(mqtt[1]), setupUrl: setup?.[1] ?? null };
}
