import { randomBytes, timingSafeEqual } from 'node:crypto';
import { tokenHash } from '../../http/token-hash.js';

/** The two parts of a key: the id finds it, the secret opens. */
export interface KeyParts {
  readonly id: string;
  readonly secret: string;
}

/** 256 random bits: nobody guesses them, so a fast hash protects them as well as a slow one would. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function newKeyId(): string {
  return randomBytes(6).toString('hex');
}

/** The whole key, as it is shown once. The prefix is for tools that look for leaked keys. */
export function keyText({ id, secret }: KeyParts): string {
  return `perch_${id}_${secret}`;
}

/** Whether this is meant to be a key, rather than another token. */
export function isKeyText(text: string): boolean {
  return text.startsWith('perch_');
}

/** Takes a key apart; null when it is none of ours. */
export function keyParts(text: string): KeyParts | null {
  const [, id, secret] = /^perch_([0-9a-f]{12})_([\w-]{43})$/.exec(text) ?? [];
  return id !== undefined && secret !== undefined ? { id, secret } : null;
}

/** Compares in constant time. */
export function opens(secret: string, hash: Uint8Array | null): boolean {
  return hash !== null && timingSafeEqual(tokenHash(secret), hash);
}
