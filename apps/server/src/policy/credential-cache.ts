import { hash, randomBytes } from 'node:crypto';
import { RecentMap } from './recent-map.js';

const KEY_BYTES = 32;

/**
 * Remembers which password each user was last let in with, so that coming back costs no slow hash.
 * Holds no password: only its digest under a key that never leaves this process.
 */
export class CredentialCache {
  private readonly key = randomBytes(KEY_BYTES);
  private readonly digests: RecentMap<string, string>;

  constructor(limit: number) {
    this.digests = new RecentMap(limit);
  }

  /** True when this user was let in with this password before. */
  holds(username: string, digest: string): boolean {
    // Nobody can choose a digest without the key, so how far two of them agree tells nothing: no comparison in constant time.
    return this.digests.get(username) === digest;
  }

  remember(username: string, digest: string): void {
    this.digests.set(username, digest);
  }

  forget(username: string): void {
    this.digests.delete(username);
  }

  /** What stands for the credentials in this process: SHA-512/256 over the key first, which cannot be extended. */
  digestOf(username: string, password: Buffer): string {
    return hash('sha512-256', Buffer.concat([this.key, Buffer.from(`${username}\0`), password]), 'base64');
  }
}
