import { Prisma } from '../database/generated/client.js';

/** True when a row with this unique value exists already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}

// Prisma's codes for: unreachable, timed out, server closed the connection, no connection from the pool, no transaction in time.
const awayCodes = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);

// Node's and Postgres's own, where the driver's error passes through.
const driverCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT', 'EHOSTUNREACH']);

/** True when the database did not answer, as against answering with an error. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientInitializationError) return true;
  if (error instanceof AggregateError) return error.errors.some(isDatabaseAway);
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && isAwayCode(code)) return true;
  if (awayMessages.test(error.message)) return true;
  return isDatabaseAway(error.cause) || isDatabaseAway(adapterCause(error));
}

/** The pool and the driver say some of it in words only. */
const awayMessages = /connection terminated|timeout exceeded when trying to connect|query read timeout/i;

// 57P: Postgres is going down or coming up. 08: connection exceptions.
function isAwayCode(code: string): boolean {
  return awayCodes.has(code) || driverCodes.has(code) || code.startsWith('57P') || code.startsWith('08');
}

/** Where Prisma's driver adapters put the original. */
function adapterCause(error: Error): unknown {
  const { meta } = error as { meta?: { driverAdapterError?: unknown } };
  return meta?.driverAdapterError;
}
