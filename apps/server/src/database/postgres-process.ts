import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { childOptions, type Cluster } from './postgres-cluster.js';

const READY_POLL_MS = 20;
const STOP_STEP_MS = 15_000;
const KEPT_LINES = 20;

/** How one start of Postgres is to be. */
export interface PostgresStart {
  readonly port: number;
  /** More settings of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/** One running Postgres, a child of this process. */
export class PostgresProcess {
  /** Resolves when the process is gone, with how it ended. */
  readonly ended: Promise<string>;
  private readonly lastLines: string[] = [];
  private readonly killAtExit = () => this.child.kill('SIGINT');
  private hasEnded = false;

  private constructor(
    private readonly child: ChildProcess,
    log: (line: string) => void,
  ) {
    this.ended = this.watchEnd();
    if (child.stderr) createInterface(child.stderr).on('line', (line) => this.keepLine(line, log));
    process.once('exit', this.killAtExit);
  }

  /** Starts Postgres and resolves when it takes connections; rejects with its last words when it ends before that. */
  static async start(cluster: Cluster, options: PostgresStart): Promise<PostgresProcess> {
    const child = spawn(cluster.binaries.postgres, postgresArguments(cluster.dir, options), {
      ...childOptions(cluster.dir, cluster.account),
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true, // a group of its own: Ctrl-C in the terminal must not stop it before the server has drained
    });
    const postgres = new PostgresProcess(child, options.log);
    await postgres.waitUntilReady(cluster.dir);
    return postgres;
  }

  /** Fast shutdown; harder when that takes too long, which Postgres survives too. */
  async stop(): Promise<void> {
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      if (this.hasEnded) return;
      this.child.kill(signal);
      await Promise.race([this.ended, delay(STOP_STEP_MS, undefined, { ref: false })]);
    }
  }

  private async watchEnd(): Promise<string> {
    const how = await Promise.race([
      once(this.child, 'exit').then(([code, signal]) => (signal ? `signal ${signal}` : `code ${code}`)),
      once(this.child, 'error').then(([error]) => (error as Error).message),
    ]);
    this.hasEnded = true;
    process.off('exit', this.killAtExit);
    return how;
  }

  private keepLine(line: string, log: (line: string) => void): void {
    this.lastLines.push(line);
    if (this.lastLines.length > KEPT_LINES) this.lastLines.shift();
    log(line);
  }

  private async waitUntilReady(dir: string): Promise<void> {
    while (!this.hasEnded) {
      if (await isReady(dir, this.child.pid)) return;
      await Promise.race([this.ended, delay(READY_POLL_MS)]);
    }
    throw new Error(this.lastLines.findLast((line) => /FATAL|PANIC/.test(line)) ?? (await this.ended));
  }
}

const usualSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  cluster_name: 'perch',
  // As usual. What initdb writes shrinks with the segments of the log, and checkpoints would come every few seconds.
  min_wal_size: '80MB',
  max_wal_size: '1GB',
};

function postgresArguments(dir: string, { port, settings }: PostgresStart): string[] {
  const all = { ...usualSettings, ...settings };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', dir, '-p', String(port), ...flags];
}

/** As pg_ctl does it: the postmaster writes `ready` into the eighth line of its pid file. */
async function isReady(dir: string, pid: number | undefined): Promise<boolean> {
  const lines = await readFile(join(dir, 'postmaster.pid'), 'utf8').then(
    (text) => text.split('\n'),
    () => [], // not written yet
  );
  return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
}
