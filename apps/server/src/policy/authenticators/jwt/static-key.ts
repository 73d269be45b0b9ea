import { createPublicKey, type KeyObject } from 'node:crypto';

const SMALLEST_RSA_BITS = 2048;
/** As long as the shortest of the hashes [RFC 7518 3.2]. */
export const SHORTEST_SECRET_BYTES = 32;

/** A key, or what is wrong with it. */
export type KeyReading<Key> = { readonly key: Key } | { readonly problem: string };

/** Reads the public key that a PEM holds, or the one of a certificate. */
export function readPem(pem: string): KeyReading<KeyObject> {
  if (pem.includes('PRIVATE KEY')) {
    return { problem: 'is a private key; give the public one, and treat this one as known to others' };
  }
  try {
    const key = createPublicKey(pem);
    const bits = key.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : SMALLEST_RSA_BITS;
    return bits < SMALLEST_RSA_BITS
      ? { problem: `is an RSA key of ${bits} bits; ${SMALLEST_RSA_BITS} are the least` }
      : { key };
  } catch {
    return { problem: 'is no public key in PEM, such as -----BEGIN PUBLIC KEY-----' };
  }
}

/** Reads the bytes of a secret. */
export function readSecret(secret: string, encoding: 'text' | 'base64'): KeyReading<Uint8Array> {
  if (encoding === 'base64' && !/^[A-Za-z0-9+/_-]+={0,2}$/.test(secret)) return { problem: 'is not base64' };
  const key = Buffer.from(secret, encoding === 'text' ? 'utf8' : 'base64');
  return key.length < SHORTEST_SECRET_BYTES
    ? { problem: `has ${key.length} bytes; ${SHORTEST_SECRET_BYTES} are the least that cannot be guessed` }
    : { key };
}
