import type pg from 'pg';
import { RowReader } from './row-reader.js';

/** A query whose rows are handed over one by one as they arrive, so that a large answer needs no memory. */
export interface RowQuery {
  /** Takes no parameters: COPY knows none. */
  readonly text: string;
  /** The reader stands before the first column, and goes on to the next row afterwards. */
  readonly take: (row: RowReader) => void;
}

/**
 * Runs the query as `COPY (…) TO STDOUT`, in binary: node-postgres reads every other answer as text, bytes as hex
 * digits, and keeps all rows of a query that has a time limit. Rejects when the connection breaks half way.
 */
export function copyOut(client: pg.ClientBase, { text, take }: RowQuery): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(new CopyOut(text, take, (error) => (error ? reject(error) : resolve())));
  });
}

/** Uses a connection of the pool, which is not used again when this fails. */
export async function withClient(pool: pg.Pool, use: (client: pg.ClientBase) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  // The pool does not listen to those it has given away; the query tells what is wrong.
  const ignore = () => undefined;
  client.on('error', ignore);
  let failure: Error | undefined;
  try {
    await use(client);
  } catch (error) {
    failure = error as Error;
    throw error;
  } finally {
    client.off('error', ignore);
    client.release(failure);
  }
}

/** What node-postgres asks of a query, see its `lib/query.js`. */
class CopyOut implements pg.Submittable {
  private readonly reader = new RowReader();
  private failure: Error | null = null;

  constructor(
    private readonly text: string,
    private readonly take: (row: RowReader) => void,
    /** Node-postgres replaces it with one that also ends the time limit. */
    public callback: (error: Error | null) => void,
  ) {}

  submit(connection: pg.Connection): void {
    connection.query(`COPY (${this.text}) TO STDOUT (FORMAT binary)`);
  }

  /** One message for each row. */
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    if (this.failure) return;
    try {
      if (this.reader.begin(chunk)) this.take(this.reader);
    } catch (error) {
      this.failure = error as Error;
    }
  }

  handleCommandComplete(): void {}

  handleError(error: Error): void {
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.callback(this.failure);
  }
}
