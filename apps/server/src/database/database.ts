import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

const PROBE_TIMEOUT_MS = 2_000;
const END_TIMEOUT_MS = 5_000;

/** Whose Postgres it is: the one that came with npm, or the one at DATABASE_URL. */
export type DatabaseKind = 'embedded' | 'external';

/** What a database is opened with. */
export interface DatabaseSource {
  readonly kind: DatabaseKind;
  readonly url: string;
  readonly log: (level: 'debug' | 'warn', line: string) => void;
  /** Ends what was started for it. */
  readonly stop?: () => Promise<void>;
}

/** The migrated database of a running server, with the pool that everybody shares. */
export class Database {
  readonly kind: DatabaseKind;
  readonly pool: pg.Pool;
  private readonly pools: pg.Pool[] = [];

  constructor(private readonly source: DatabaseSource) {
    this.kind = source.kind;
    this.pool = this.openPool();
  }

  /** A pool for somebody who needs settings of his own. It is closed with the database. */
  openPool(settings: pg.PoolConfig = {}): pg.Pool {
    const pool = newPool(this.source, settings);
    this.pools.push(pool);
    return pool;
  }

  /** Whether it answers now. Never rejects, and takes two seconds at most. */
  async isUp(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((answer) => (timer = setTimeout(answer, PROBE_TIMEOUT_MS, false)));
    const answered = this.pool.query('SELECT 1').then(
      () => true,
      () => false,
    );
    return Promise.race([answered, late]).finally(() => clearTimeout(timer));
  }

  /** Waits for the queries in flight, though not for ever, closes the pools, and stops Postgres when it is ours. */
  async close(): Promise<void> {
    await Promise.race([
      Promise.all(this.pools.map((pool) => pool.end())),
      delay(END_TIMEOUT_MS, undefined, { ref: false }),
    ]);
    await this.source.stop?.();
  }
}

function newPool({ url, log }: DatabaseSource, settings: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'perch',
    options: '-c TimeZone=UTC', // Prisma's adapter takes every time for UTC
    max: 10,
    connectionTimeoutMillis: 5_000,
    query_timeout: 30_000, // a database that is gone without a word must not hold its callers for ever
    keepAlive: true,
    ...settings,
  });
  // Without a listener, a connection that breaks while it is idle would end the process.
  pool.on('error', (error) => log('debug', `A database connection broke: ${error.message}`));
  return pool;
}
