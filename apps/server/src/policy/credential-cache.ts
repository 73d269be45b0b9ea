import { hash, randomBytes } from 'node:crypto';
import { RecentMap } from './recent-map.js';
import type { UserTerms } from './user-terms.js';

const KEY_BYTES = 32;

/**
 * Remembers which password was right for each user, and on what terms they come in, so that coming back costs no slow hash.
 * Holds no password: only its digest under a key that never leaves this process.
 */
export class CredentialCache {
  private readonly key = randomBytes(KEY_BYTES);
  private readonly known: RecentMap<string, { readonly digest: string; readonly terms: UserTerms }>;

  constructor(limit: number) {
    this.known = new RecentMap(limit);
  }

  /** The terms of this user, if this password was right before. */
  find(username: string, digest: string): UserTerms | null {
    const known = this.known.get(username);
    // Nobody can choose a digest without the key, so how far two of them agree tells nothing: no comparison in constant time.
    return known?.digest === digest ? known.terms : null;
  }

  remember(username: string, digest: string, terms: UserTerms): void {
    this.known.set(username, { digest, terms });
  }

  forget(username: string): void {
    this.known.delete(username);
  }

  /** What stands for the credentials in this process: SHA-512/256 over the key first, which cannot be extended. */
  digestOf(username: string, password: Buffer): string {
    return hash('sha512-256', Buffer.concat([this.key, Buffer.from(`${username}\0`), password]), 'base64');
  }
}
