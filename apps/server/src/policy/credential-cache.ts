import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Remembers which password each user was last let in with, so that coming back costs no hash.
 * Holds no password: only its HMAC under a key that never leaves this process.
 */
export class CredentialCache {
  private readonly key = randomBytes(32);
  /** Least recently used first. */
  private readonly macs = new Map<string, Buffer>();

  constructor(private readonly limit: number) {}

  /** True when this user was let in with this password before. */
  holds(username: string, mac: Buffer): boolean {
    const known = this.macs.get(username);
    if (!known || !timingSafeEqual(known, mac)) return false;
    this.macs.delete(username);
    this.macs.set(username, known);
    return true;
  }

  remember(username: string, mac: Buffer): void {
    this.macs.delete(username);
    this.macs.set(username, mac);
    if (this.macs.size <= this.limit) return;
    const [oldest] = this.macs.keys();
    if (oldest !== undefined) this.macs.delete(oldest);
  }

  forget(username: string): void {
    this.macs.delete(username);
  }

  /** What stands for the credentials in this process. */
  macOf(username: string, password: Buffer): Buffer {
    return createHmac('sha256', this.key).update(username).update('\0').update(password).digest();
  }
}
