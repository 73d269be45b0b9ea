import { MemorySessionStore } from '../ports/memory-session-store.js';

/** A session store whose commits come when a test says so, as those of a database do. */
export class GatedSessionStore extends MemorySessionStore {
  private pending: { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } | null = null;
  private isOpen = false;

  override committed(): Promise<void> | null {
    if (this.isOpen) return null;
    if (!this.pending) {
      let resolve: () => void = () => undefined;
      let reject: (error: Error) => void = () => undefined;
      const promise = new Promise<void>((done, failed) => {
        resolve = done;
        reject = failed;
      });
      this.pending = { promise, resolve, reject };
    }
    return this.pending.promise;
  }

  /** What was changed so far is durable. */
  async commit(): Promise<void> {
    this.pending?.resolve();
    this.pending = null;
    await settled();
  }

  /** What was changed so far never will be. */
  async fail(): Promise<void> {
    this.pending?.reject(new Error('the database is away'));
    this.pending = null;
    await settled();
  }

  /** Every commit comes at once from now on. */
  async open(): Promise<void> {
    this.isOpen = true;
    await this.commit();
  }
}

/** Lets promises that are resolved run on. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
