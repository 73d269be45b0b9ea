import { BoundedQueue } from './bounded-queue.js';
import type { StoredCredentials } from './credential-store.js';

// As many as the database has connections for beside everything else; then they take turns.
const READING_AT_ONCE = 4;
const WAITING = 256;

/** Reads what is kept of users, a few at a time, and never hands on what somebody changed while it was read. */
export class AccountReader {
  private readonly queue = new BoundedQueue(READING_AT_ONCE, WAITING);
  private changes = 0;

  constructor(private readonly find: (username: string) => Promise<StoredCredentials | null>) {}

  /** Calls `use` with the user as of that moment. Null when too many wait; rejects when users cannot be read now. */
  read<Result>(username: string, use: (account: StoredCredentials | null) => Result): Promise<Result> | null {
    return this.queue.run(async () => {
      for (;;) {
        const { changes } = this;
        const account = await this.find(username);
        if (changes === this.changes) return use(account);
      }
    });
  }

  /** A user has changed: what is being read may be the past. */
  changed(): void {
    this.changes++;
  }
}
