import type pg from 'pg';

const ROWS = 5_000;

/** A table whose rows grow old, and the column that says how old they are. */
export interface AgingTable {
  readonly table: string;
  readonly column: string;
}

/** Removes the rows from before this moment (ms since the epoch), a bounded number at a time. Resolves with their number. */
export async function purgeRows(pool: pg.Pool, { table, column }: AgingTable, before: number): Promise<number> {
  const text = `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${column} < $1 LIMIT ${ROWS}))`;
  let removed = 0;
  for (;;) {
    const { rowCount } = await pool.query(text, [new Date(before)]);
    removed += rowCount ?? 0;
    if ((rowCount ?? 0) < ROWS) return removed;
  }
}
