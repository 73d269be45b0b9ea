import type pg from 'pg';
import type { Statement } from './session-statements.js';

/** Any number that no other advisory lock of ours has: "perch", and 2. */
const LOCK = '123610447971330';

/** Whatever is usual on the server: what was committed is on disk. */
const SYNCHRONOUS = `
  SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`;

/**
 * One transaction at a time: one whose connection was lost may still be running in Postgres, and would write old
 * changes over newer ones if it came to its end after them.
 */
const BEGIN = `BEGIN; SELECT pg_advisory_xact_lock(${LOCK})`;

/** The connection that the log writes on. It keeps one of the pool for itself. */
export class LogConnection {
  private client: pg.PoolClient | null = null;

  constructor(private readonly pool: pg.Pool) {}

  /** Commits all statements or none. When it rejects, they may have been committed all the same. */
  async commit(statements: readonly Statement[]): Promise<void> {
    try {
      this.client ??= await this.connect();
      await this.client.query(BEGIN);
      for (const statement of statements) await runStatement(this.client, statement);
      await this.client.query('COMMIT');
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Resolves when no transaction of an earlier process is left that could still commit. */
  async waitForOthers(): Promise<void> {
    await this.commit([]);
  }

  close(): void {
    this.client?.release(true);
    this.client = null;
  }

  private async connect(): Promise<pg.PoolClient> {
    const client = await this.pool.connect();
    // The pool does not listen to those it has given away; the next query tells what is wrong.
    client.on('error', () => undefined);
    try {
      await client.query(SYNCHRONOUS);
    } catch (error) {
      client.release(true);
      throw error;
    }
    return client;
  }
}

async function runStatement(client: pg.PoolClient, { name, text, values, isUnfinished }: Statement): Promise<void> {
  let settled: number;
  do {
    const { rows } = await client.query<{ settled?: number }>({ name, text, values: values() });
    settled = rows[0]?.settled ?? 0;
  } while (isUnfinished?.(settled));
}
