import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { saslPrep } from './saslprep.js';

/** What a server keeps of a password for SCRAM-SHA-256 (RFC 5802 section 3). Proves a password; lets nobody log in. */
export interface ScramKeys {
  readonly salt: Buffer;
  readonly iterations: number;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** RFC 7677 section 4 allows no fewer. */
export const LEAST_SCRAM_ITERATIONS = 4096;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const SCHEME = 'SCRAM-SHA-256';

const stretch = promisify(pbkdf2);

/** Derives the keys of a password. The work is done off the event loop. */
export async function deriveScramKeys(
  password: string | Buffer,
  iterations: number,
  salt = randomBytes(SALT_BYTES),
): Promise<ScramKeys> {
  const salted = await stretch(preparedPassword(password), salt, iterations, KEY_BYTES, 'sha256');
  const clientKey = hmac(salted, 'Client Key');
  return { salt, iterations, storedKey: sha256(clientKey), serverKey: hmac(salted, 'Server Key') };
}

/** Keys that belong to no password, always the same for a name: who asks cannot tell that nobody has it. */
export function decoyScramKeys(secret: Buffer, username: string, iterations: number): ScramKeys {
  return {
    salt: hmac(secret, `salt\0${username}`).subarray(0, SALT_BYTES),
    iterations,
    storedKey: hmac(secret, `stored key\0${username}`),
    serverKey: hmac(secret, `server key\0${username}`),
  };
}

/** Writes keys as Postgres does, `SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>`. */
export function formatScramKeys({ salt, iterations, storedKey, serverKey }: ScramKeys): string {
  const [saltText, storedText, serverText] = [salt, storedKey, serverKey].map((bytes) => bytes.toString('base64'));
  return `${SCHEME}$${iterations}:${saltText}$${storedText}:${serverText}`;
}

/** Reads keys; null when there are none, or none of these. */
export function parseScramKeys(text: string | null): ScramKeys | null {
  const parts = /^SCRAM-SHA-256\$(\d{1,9}):([^$:]+)\$([^$:]+):([^$:]+)$/.exec(text ?? '');
  if (!parts) return null;
  const [salt, storedKey, serverKey] = parts.slice(2).map((part) => Buffer.from(part, 'base64')) as Buffer[];
  if (!salt || storedKey?.length !== KEY_BYTES || serverKey?.length !== KEY_BYTES) return null;
  return { salt, iterations: Number(parts[1]), storedKey, serverKey };
}

/** HMAC-SHA-256. */
export function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** SHA-256. */
export function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** A password that SASLprep does not know what to do with is taken as it is, as Postgres does. */
function preparedPassword(password: string | Buffer): string | Buffer {
  const text = password.toString();
  if (typeof password !== 'string' && !Buffer.from(text).equals(password)) return password;
  return saslPrep(text) ?? password;
}
