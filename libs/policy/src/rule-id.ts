/** Lower-case letters and digits without those that look alike: 32 of them, so that each byte picks one evenly. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const LENGTH = 12;

/** The part of Web Crypto that Node and every browser have, also on pages without TLS. */
interface RandomSource {
  getRandomValues(bytes: Uint8Array): Uint8Array;
}

/** A new rule id: 12 letters and digits, 60 random bits. */
export function newRuleId(): string {
  const { crypto } = globalThis as unknown as { crypto: RandomSource };
  const bytes = crypto.getRandomValues(new Uint8Array(LENGTH));
  return Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}
