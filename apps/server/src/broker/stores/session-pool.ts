import type pg from 'pg';

/** One connection writes, the others read. */
export const SESSION_READERS = 4;

/**
 * The session store has a pool of its own, so that a crowd that comes back does not keep the rest of the server from
 * the database. Its plans are made once and for tables of any size, so the planner is kept to the indexes. And a
 * transaction that a lost connection left behind must not hold its locks for hours.
 */
export const sessionPoolSettings = {
  max: SESSION_READERS + 1,
  options: [
    'enable_seqscan=off',
    'enable_bitmapscan=off',
    'enable_hashjoin=off',
    'enable_mergejoin=off',
    'plan_cache_mode=force_generic_plan',
    'jit=off',
    'idle_in_transaction_session_timeout=15s',
    'TimeZone=UTC',
  ]
    .map((setting) => `-c ${setting}`)
    .join(' '),
} satisfies pg.PoolConfig;
