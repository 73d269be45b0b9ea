import pg from 'pg';

/** A query whose rows are handed over one by one as they arrive, so that a large answer needs no memory. */
export interface RowQuery<Row> {
  readonly text: string;
  readonly values: readonly unknown[];
  readonly take: (row: Row) => void;
}

/** Runs it on a connection of the pool. Rejects when the connection breaks half way. */
export async function streamRows<Row>(pool: pg.Pool, { text, values, take }: RowQuery<Row>): Promise<void> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const query = client.query(new pg.Query({ text, values: [...values] }));
      query.on('row', take);
      query.on('end', () => resolve());
      query.on('error', reject);
    });
  } catch (error) {
    failure = error as Error;
    throw error;
  } finally {
    client.release(failure);
  }
}
