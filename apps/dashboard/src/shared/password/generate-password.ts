// Without 0 O 1 l I: people read these out and type them into devices.
const alphabet = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** A random password of about 116 bits that can be read out without mistakes. */
export function generatePassword(length = 20): string {
  const characters: string[] = [];
  while (characters.length < length) {
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
    // Bytes beyond the last whole alphabet would make its first letters likelier.
    if (byte < Math.floor(256 / alphabet.length) * alphabet.length) {
      characters.push(alphabet.charAt(byte % alphabet.length));
    }
  }
  return characters.join('');
}
