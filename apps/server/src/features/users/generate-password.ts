import { randomInt } from 'node:crypto';

// Without 0 O 1 l I: people read these out and type them into devices.
const alphabet = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** A random password of about 116 bits that can be read out without mistakes. */
export function generatePassword(length = 20): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
