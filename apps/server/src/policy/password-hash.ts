import { createHash, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { verify as verifyArgon2 } from '@node-rs/argon2';
import { verify as verifyBcrypt } from '@node-rs/bcrypt';

/** A hash that a password can be held against, read once. All work but that of `sha512` is done off the event loop. */
export interface ReadHash {
  readonly scheme: 'argon2' | 'bcrypt' | 'pbkdf2' | 'sha512';
  verify(password: Buffer): Promise<boolean>;
}

/** Why a hash cannot be taken. */
export interface HashProblem {
  readonly problem: string;
}

// Who imports a hash decides what each log-in costs: bounded, or one line of a file would stop the server for minutes.
const MOST_BCRYPT_COST = 15;
const MOST_ITERATIONS = 5_000_000;
const MOST_ARGON2_KIB = 262_144;
const MOST_ARGON2_PASSES = 20;

const stretch = promisify(pbkdf2);

/**
 * Reads a hash as other software writes it: argon2 (`$argon2id$…`), bcrypt (`$2b$…`), PBKDF2 of Mosquitto (`$7$…`), Django
 * and others (`pbkdf2_sha256$…`) and passlib (`$pbkdf2-sha256$…`), and the salted SHA-512 of older Mosquitto (`$6$…`).
 */
export function readHash(text: string): ReadHash | HashProblem {
  for (const read of readers) {
    const hash = read(text);
    if (hash) return hash;
  }
  return { problem: 'is no hash that Perch knows: argon2, bcrypt, PBKDF2 or a line of mosquitto_passwd' };
}

/** Whether the hash is of argon2, as ours are. */
export function isArgon2(text: string): boolean {
  return text.startsWith('$argon2');
}

const readers = [readArgon2, readBcrypt, readMosquitto7, readMosquitto6, readDjango, readPasslib];

function readArgon2(text: string): ReadHash | HashProblem | null {
  const parts = /^\$argon2(?:i|d|id)\$v=\d+\$m=(\d{1,9}),t=(\d{1,9}),p=(\d{1,4})\$[\w+/.-]{8,}\$[\w+/.-]{16,}$/.exec(
    text,
  );
  if (!parts) return null;
  const [memoryKib, passes] = [Number(parts[1]), Number(parts[2])];
  if (memoryKib > MOST_ARGON2_KIB || passes > MOST_ARGON2_PASSES) {
    return tooDear(`argon2 with more than ${MOST_ARGON2_KIB} KiB or ${MOST_ARGON2_PASSES} passes`);
  }
  return { scheme: 'argon2', verify: (password) => verifyArgon2(text, password) };
}

function readBcrypt(text: string): ReadHash | HashProblem | null {
  const parts = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(text);
  if (!parts) return null;
  if (Number(parts[1]) > MOST_BCRYPT_COST) return tooDear(`bcrypt of a cost above ${MOST_BCRYPT_COST}`);
  return { scheme: 'bcrypt', verify: (password) => verifyBcrypt(password, text) };
}

/** `$7$iterations$salt$hash`: PBKDF2 with SHA-512, as mosquitto_passwd has written since 2.0. */
function readMosquitto7(text: string): ReadHash | HashProblem | null {
  const parts = /^\$7\$(\d{1,9})\$([A-Za-z0-9+/]+={0,2})\$([A-Za-z0-9+/]{86}==)$/.exec(text);
  if (!parts) return null;
  const [salt, key] = [parts[2] ?? '', parts[3] ?? ''].map((part) => Buffer.from(part, 'base64')) as [Buffer, Buffer];
  return pbkdf2Hash({ digest: 'sha512', iterations: Number(parts[1]), salt, key });
}

/** `$6$salt$hash`: one SHA-512 over password and salt, as mosquitto_passwd wrote before. */
function readMosquitto6(text: string): ReadHash | null {
  const parts = /^\$6\$([A-Za-z0-9+/]+={0,2})\$([A-Za-z0-9+/]{86}==)$/.exec(text);
  if (!parts) return null;
  const [salt, key] = [parts[1] ?? '', parts[2] ?? ''].map((part) => Buffer.from(part, 'base64')) as [Buffer, Buffer];
  const verify = async (password: Buffer) =>
    timingSafeEqual(createHash('sha512').update(password).update(salt).digest(), key);
  return { scheme: 'sha512', verify };
}

/** `pbkdf2_sha256$iterations$salt$hash`: the salt is text. The hash is Base64; of EMQX it is hexadecimal. */
function readDjango(text: string): ReadHash | HashProblem | null {
  const parts = /^pbkdf2_(sha1|sha256|sha512)\$(\d{1,9})\$([^$]+)\$([A-Za-z0-9+/]+={0,2})$/.exec(text);
  if (!parts) return null;
  const [, digest = '', iterations, salt = '', hash = ''] = parts;
  const isHex = hash.length === 2 * (KEY_BYTES[digest] ?? 0) && /^[0-9a-f]+$/i.test(hash);
  const key = Buffer.from(hash, isHex ? 'hex' : 'base64');
  return pbkdf2Hash({ digest, iterations: Number(iterations), salt: Buffer.from(salt), key });
}

/** `$pbkdf2-sha256$rounds$salt$hash`: Base64 with `.` for `+`. */
function readPasslib(text: string): ReadHash | HashProblem | null {
  const parts = /^\$pbkdf2(?:-(sha256|sha512))?\$(\d{1,9})\$([A-Za-z0-9./]+)\$([A-Za-z0-9./]+)$/.exec(text);
  if (!parts) return null;
  const [, digest = 'sha1', iterations, ...texts] = parts;
  const [salt, key] = texts.map((part) => Buffer.from(part.replaceAll('.', '+'), 'base64')) as [Buffer, Buffer];
  return pbkdf2Hash({ digest, iterations: Number(iterations), salt, key });
}

interface Pbkdf2 {
  readonly digest: string;
  readonly iterations: number;
  readonly salt: Buffer;
  readonly key: Buffer;
}

const KEY_BYTES: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha512: 64 };

function pbkdf2Hash({ digest, iterations, salt, key }: Pbkdf2): ReadHash | HashProblem {
  if (iterations < 1 || iterations > MOST_ITERATIONS)
    return tooDear(`PBKDF2 with more than ${MOST_ITERATIONS} iterations`);
  // A part of a key would let in who finds a password for that part.
  if (key.length !== KEY_BYTES[digest]) return { problem: 'is cut off: its key is not as long as its digest' };
  const verify = async (password: Buffer) =>
    timingSafeEqual(await stretch(password, salt, iterations, key.length, digest), key);
  return { scheme: 'pbkdf2', verify };
}

function tooDear(what: string): HashProblem {
  return { problem: `is ${what}: each log-in would take too long` };
}
