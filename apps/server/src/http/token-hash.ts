import { createHash } from 'node:crypto';

/** What is kept of a secret that is random enough: SHA-256, which nobody guesses back. */
export function tokenHash(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(token).digest());
}
