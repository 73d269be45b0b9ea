import { setImmediate, setTimeout as setTimer } from 'node:timers/promises';
import { isDataError } from './data-error.js';
import { Sleep } from './sleep.js';

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

/** How much may wait, and how much is written at once. */
export interface GroupLimits {
  /** Calls of `add` and `put` that have not been answered yet, or written. */
  readonly pending: number;
  readonly pendingBytes: number;
  readonly batch: number;
  readonly batchBytes: number;
}

/** What a group writer needs to know about what it writes. */
export interface GroupWriterOptions<T> {
  readonly limits: GroupLimits;
  /** How long to wait for more before a batch is written; a full batch is not waited for. */
  readonly lingerMs: number;
  readonly keyOf: (item: T) => string;
  readonly sizeOf: (item: T) => number;
  /** Commits all of them or none. Called again with the same items when it rejects. */
  readonly write: (items: readonly T[]) => Promise<void>;
  /** Told when the database begins to refuse (with the error) and when it takes again (with null). */
  readonly outage: (error: Error | null) => void;
  /** Told of what was `put` and will not be written. */
  readonly lost?: (item: T, error: Error) => void;
}

/** The bound is reached while the database is away: the item was not taken. */
export class StoreFullError extends Error {
  override readonly name = 'StoreFullError';
}

const FULL = 'Too much waits for the database already.';

interface Pending<T> {
  item: T;
  size: number;
  calls: number;
  /** Null while nobody waits for it. */
  answers: Answer[] | null;
}

interface Answer {
  resolve(): void;
  reject(error: Error): void;
}

/**
 * Group commit: while one batch is being written the next is collected, and for a key only the latest item counts.
 * Goes on trying while the database is away, within its limits.
 */
export class GroupWriter<T> {
  private readonly waiting = new Map<string, Pending<T>>();
  private readonly sleep = new Sleep();
  private pending = 0;
  private pendingBytes = 0;
  private running: Promise<void> | null = null;
  /** The batch that is being written, or was. */
  private writing: Promise<void> | null = null;
  private isOut = false;
  private isClosing = false;
  /** Callers of `flush`: nothing lingers while there are any. */
  private flushing = 0;
  private hasGivenUp = false;

  constructor(private readonly options: GroupWriterOptions<T>) {}

  /** Whether the database takes what is written. */
  get isWriting(): boolean {
    return !this.isOut;
  }

  /** Resolves once the item, or a later one of its key, is committed. Rejects when it will not be. */
  add(item: T): Promise<void> {
    const pending = this.take(item);
    return pending ? settled(pending) : Promise.reject(new StoreFullError(FULL));
  }

  /** Writes the item, or a later one of its key, for nobody who waits. */
  put(item: T): void {
    if (!this.take(item)) this.options.lost?.(item, new StoreFullError(FULL));
  }

  /** Resolves when all that was taken before it is written, or will not be. */
  async flush(): Promise<void> {
    const last = [...this.waiting.values()].at(-1);
    this.flushing++;
    this.sleep.wake();
    if (last) {
      last.calls++;
      this.pending++;
    }
    await (last ? settled(last) : this.writing)?.catch(() => undefined);
    this.flushing--;
  }

  /** As `flush`, but no longer than so many ms: a reader does not wait for a database that is away. */
  async flushWithin(timeoutMs: number): Promise<void> {
    await Promise.race([this.flush(), setTimer(timeoutMs, undefined, { ref: false })]);
  }

  /** Resolves when everything is written, or given up because the database did not come back in time. */
  async close(timeoutMs: number): Promise<void> {
    this.isClosing = true;
    this.sleep.wake();
    const giveUp = setTimeout(() => {
      this.hasGivenUp = true;
      this.sleep.wake();
    }, timeoutMs);
    await this.running;
    clearTimeout(giveUp);
    this.hasGivenUp = true;
  }

  /** Null when there is no room. */
  private take(item: T): Pending<T> | null {
    const { keyOf, sizeOf, limits } = this.options;
    const key = keyOf(item);
    const size = sizeOf(item);
    const before = this.waiting.get(key);
    const bytes = this.pendingBytes + size - (before?.size ?? 0);
    if (this.pending >= limits.pending || bytes > limits.pendingBytes || this.hasGivenUp) return null;
    this.pending += 1;
    this.pendingBytes = bytes;
    const pending = before ?? { item, size, calls: 0, answers: null };
    pending.item = item;
    pending.size = size;
    pending.calls++;
    if (!before) this.waiting.set(key, pending);
    if (this.waiting.size >= limits.batch && !this.isOut) this.sleep.wake();
    this.running ??= this.run();
    return pending;
  }

  private async run(): Promise<void> {
    while (this.waiting.size > 0) {
      await this.linger();
      await (this.writing = this.writeBatch(this.takeBatch()));
    }
    this.running = null;
  }

  private async linger(): Promise<void> {
    const { lingerMs, limits } = this.options;
    if (lingerMs === 0)
      await setImmediate(); // the rest of this turn's input shares the commit
    else if (!this.isClosing && this.flushing === 0 && this.waiting.size < limits.batch) await this.sleep.for(lingerMs);
  }

  private takeBatch(): Pending<T>[] {
    const batch: Pending<T>[] = [];
    let bytes = 0;
    for (const [key, pending] of this.waiting) {
      bytes += pending.size;
      if (batch.length > 0 && (batch.length >= this.options.limits.batch || bytes > this.options.limits.batchBytes))
        break;
      this.waiting.delete(key);
      batch.push(pending);
    }
    return batch;
  }

  private async writeBatch(batch: readonly Pending<T>[]): Promise<void> {
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(waitMs * 2, LAST_RETRY_MS)) {
      const error = await this.tryToWrite(batch);
      if (!error) return this.settle(batch, null);
      if (isDataError(error)) return this.isolate(batch, error);
      if (this.hasGivenUp) return this.settle(batch, error);
      this.tellOutage(error);
      await this.sleep.for(waitMs);
    }
  }

  private async tryToWrite(batch: readonly Pending<T>[]): Promise<Error | null> {
    try {
      await this.options.write(batch.map(({ item }) => item));
      this.tellOutage(null);
      return null;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** One item that Postgres cannot store must not hold up the others. */
  private async isolate(batch: readonly Pending<T>[], error: Error): Promise<void> {
    if (batch.length === 1) return this.settle(batch, error);
    const middle = batch.length >> 1;
    await this.writeBatch(batch.slice(0, middle));
    await this.writeBatch(batch.slice(middle));
  }

  private settle(batch: readonly Pending<T>[], error: Error | null): void {
    for (const { item, size, calls, answers } of batch) {
      this.pending -= calls;
      this.pendingBytes -= size;
      if (error && (answers?.length ?? 0) < calls) this.options.lost?.(item, error);
      for (const answer of answers ?? []) {
        if (error) answer.reject(error);
        else answer.resolve();
      }
    }
  }

  private tellOutage(error: Error | null): void {
    if (this.isOut === (error !== null)) return;
    this.isOut = error !== null;
    this.options.outage(error);
  }
}

function settled<T>(pending: Pending<T>): Promise<void> {
  return new Promise((resolve, reject) => (pending.answers ??= []).push({ resolve, reject }));
}
