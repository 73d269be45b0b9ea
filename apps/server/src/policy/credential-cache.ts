import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { RecentMap } from './recent-map.js';

/**
 * Remembers which password each user was last let in with, so that coming back costs no hash.
 * Holds no password: only its HMAC under a key that never leaves this process.
 */
export class CredentialCache {
  private readonly key = randomBytes(32);
  private readonly macs: RecentMap<string, Buffer>;

  constructor(limit: number) {
    this.macs = new RecentMap(limit);
  }

  /** True when this user was let in with this password before. */
  holds(username: string, mac: Buffer): boolean {
    const known = this.macs.get(username);
    return known !== undefined && timingSafeEqual(known, mac);
  }

  remember(username: string, mac: Buffer): void {
    this.macs.set(username, mac);
  }

  forget(username: string): void {
    this.macs.delete(username);
  }

  /** What stands for the credentials in this process. */
  macOf(username: string, password: Buffer): Buffer {
    return createHmac('sha256', this.key).update(username).update('\0').update(password).digest();
  }
}
