import { createServer, type AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { StartupError } from '../boot/startup-error.js';
import { lockDataDir, type DataDirLock } from './data-dir-lock.js';
import { clusterRole, prepareCluster, type Cluster } from './postgres-cluster.js';
import { clearOrphan } from './postgres-orphan.js';
import { PostgresProcess } from './postgres-process.js';

const START_ATTEMPTS = 4;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;

/** What the built-in Postgres needs to know. */
export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  readonly log: (level: 'debug' | 'warn', line: string) => void;
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Starts the built-in Postgres on a free port of 127.0.0.1, with its data in `<dataDir>/postgres`,
 * after clearing away what a killed server left there. It is started again whenever it ends by itself.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const lock = await lockDataDir(dataDir);
  try {
    const cluster = await prepareCluster(dataDir);
    if (await clearOrphan(cluster.dir)) options.log('warn', 'Stopped a Postgres that a killed server had left behind.');
    const postgres = new EmbeddedPostgres({ ...options, dataDir }, cluster, lock);
    await postgres.start();
    return postgres;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The running built-in Postgres. */
export class EmbeddedPostgres {
  private port = 0;
  private process: PostgresProcess | null = null;
  private isStopping = false;
  private supervision: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: EmbeddedPostgresOptions,
    private readonly cluster: Cluster,
    private readonly lock: DataDirLock,
  ) {}

  /** How to connect to it, password included. The same until `stop`. */
  get url(): string {
    return this.urlOf(clusterRole);
  }

  /** Starts the process and makes the database when it is not there. Called once, by `startEmbeddedPostgres`. */
  async start(): Promise<void> {
    this.process = await this.startOnFreePort();
    this.supervision = this.supervise(this.process);
    try {
      await createDatabase(this.urlOf('postgres'));
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Stops it with everything committed on disk, and gives the data folder back. */
  async stop(): Promise<void> {
    this.isStopping = true;
    await this.process?.stop();
    await this.supervision;
    await this.lock.release();
  }

  private urlOf(database: string): string {
    return `postgresql://${clusterRole}:${this.cluster.password}@127.0.0.1:${this.port}/${database}`;
  }

  /** Another program may take the free port before Postgres does, and a dying orphan may still hold its memory. */
  private async startOnFreePort(): Promise<PostgresProcess> {
    let reason: unknown;
    for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
      this.port = await findFreePort();
      try {
        return await this.startProcess();
      } catch (error) {
        reason = error;
        await delay(FIRST_RETRY_MS * attempt);
      }
    }
    throw cannotStart(this.cluster.dir, reason);
  }

  private startProcess(): Promise<PostgresProcess> {
    const log = (line: string) => this.options.log('debug', line);
    return PostgresProcess.start(this.cluster, { port: this.port, settings: this.options.settings, log });
  }

  private async supervise(first: PostgresProcess): Promise<void> {
    let running = first;
    for (;;) {
      const how = await running.ended;
      if (this.isStopping) return;
      this.options.log('warn', `Postgres ended by itself (${how}); starting it again.`);
      const next = await this.restart();
      if (!next) return;
      running = next;
    }
  }

  /** On the same port, for as long as it takes: the connection pools know only that one. */
  private async restart(): Promise<PostgresProcess | null> {
    for (let waitMs = FIRST_RETRY_MS; !this.isStopping; waitMs = Math.min(waitMs * 2, LAST_RETRY_MS)) {
      try {
        this.process = await this.startProcess();
        if (this.isStopping) await this.process.stop();
        return this.process;
      } catch (error) {
        this.options.log('warn', `Postgres does not start: ${String(error)}`);
        await delay(waitMs);
      }
    }
    return null;
  }
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((listening, failed) => {
    probe.once('error', failed);
    probe.listen(0, '127.0.0.1', listening);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  return port;
}

async function createDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [clusterRole]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${clusterRole}`);
  } finally {
    await client.end();
  }
}

function cannotStart(dir: string, cause: unknown): StartupError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StartupError(
    `The built-in Postgres in ${dir} does not start: ${reason}.`,
    'Start with --log-level debug to see its log, or set DATABASE_URL to a Postgres of your own.',
    { cause },
  );
}
