import type { RefusalCode } from '@perch/wire';
import type { CloseReason } from './connection-state.js';

/** Why something failed: the broker's refusal, or one of the client's own reasons. */
export type PerchErrorCode =
  | RefusalCode
  /** The link broke before the answer; whether the broker acted is unknown. */
  | 'connection-lost'
  /** No answer in time. */
  | 'timeout'
  /** The connection is closed and will not come back by itself. */
  | 'closed'
  /** Too much is already waiting. */
  | 'queue-full'
  /** The subscription was ended by an operator's change. */
  | 'revoked';

/** The only error this client makes. */
export class PerchError extends Error {
  override readonly name = 'PerchError';

  constructor(
    readonly code: PerchErrorCode,
    message: string,
    /** The filter that was refused, where it was one. */
    readonly filter: string | null = null,
  ) {
    super(message);
  }
}

/** What is told to those who wait for a connection that has ended, for good or not. */
export function errorOf(reason: CloseReason | null, isFinal: boolean): PerchError {
  const code = reason?.refusal ?? (isFinal ? 'closed' : 'connection-lost');
  return new PerchError(code, reason?.message ?? 'Closed.');
}
