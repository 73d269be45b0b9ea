import pg from 'pg';

// SQLSTATE classes that mean "this value, now and for ever": data exception, constraint violation, limit exceeded.
const DATA_CLASSES = new Set(['22', '23', '54']);

/** Whether the data itself cannot be stored, or not even be written down, so that trying again is of no use. */
export function isDataError(error: Error): boolean {
  if (error instanceof RangeError || error instanceof TypeError) return true;
  return error instanceof pg.DatabaseError && DATA_CLASSES.has(error.code?.slice(0, 2) ?? '');
}
