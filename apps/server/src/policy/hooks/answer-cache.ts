import { hash, randomBytes } from 'node:crypto';
import type { Clock } from '@perch/broker';
import { RecentMap } from '../recent-map.js';

const REMEMBERED = 100_000;
const KEY_BYTES = 32;

interface Entry<Value> {
  readonly value: Value;
  readonly username: string | null;
  /** By the clock's uptime, in ms. */
  readonly until: number;
}

/** Remembers answers for a while. Holds no password: only digests under a key that never leaves this process. */
export class AnswerCache<Value> {
  private readonly key = randomBytes(KEY_BYTES);
  private readonly entries = new RecentMap<string, Entry<Value>>(REMEMBERED);

  constructor(
    private readonly ttlMs: number,
    private readonly clock: Pick<Clock, 'uptime'>,
  ) {}

  /** What stands for these texts in this process. */
  digestOf(parts: readonly (string | null)[]): string {
    return hash('sha512-256', Buffer.concat([this.key, Buffer.from(JSON.stringify(parts))]), 'base64');
  }

  find(digest: string): Value | undefined {
    const entry = this.entries.get(digest);
    return entry && this.clock.uptime() < entry.until ? entry.value : undefined;
  }

  remember(digest: string, username: string | null, value: Value): void {
    if (this.ttlMs > 0) this.entries.set(digest, { value, username, until: this.clock.uptime() + this.ttlMs });
  }

  /** Forgets what was answered about this user name, or everything. */
  forget(username: string | null): void {
    this.entries.deleteWhere((entry) => username === null || entry.username === username);
  }
}
