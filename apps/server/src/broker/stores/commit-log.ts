import { setImmediate } from 'node:timers/promises';
import { isDataError } from './data-error.js';
import { SessionBatch } from './session-batch.js';
import type { SessionChanges } from './session-changes.js';
import type { SessionWrite } from './session-statements.js';
import { Sleep } from './sleep.js';

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;
/** How long a batch waits for more: while so many changes come in a millisecond, and no longer than this. */
const WORTH_WAITING = 8;
const LONGEST_WAIT_MS = 5;

/** How much may wait for its commit. */
export interface CommitLogLimits {
  readonly deliveries: number;
  readonly bytes: number;
}

/** What a commit log is made with. */
export interface CommitLogOptions {
  readonly limits: CommitLogLimits;
  /** Commits all of it or nothing. Called again with the same when it rejects. */
  readonly write: (what: SessionWrite) => Promise<void>;
  /** Told when the database begins to refuse (with the error) and when it takes again (with null). */
  readonly outage: (error: Error | null) => void;
  /** Told of a session whose changes Postgres cannot store, ever. */
  readonly lost: (sessionId: number, error: Error) => void;
}

/**
 * Group commit: while one batch is written the next one is collected. A batch is cut between two turns of the event
 * loop, so that what was changed in one turn is never in two batches. And not before it has waited a little: what is
 * settled by then is never written, which is most of what clients that are online are sent.
 */
export class CommitLog {
  /** Takes the next changes. */
  batch: SessionBatch;

  private writing: SessionBatch | null = null;
  private readonly sleep = new Sleep();
  private messageId = 0;
  private running: Promise<void> | null = null;
  private hasGivenUp = false;
  /** Changes that were ever made. */
  private changes = 0;
  private isClosing = false;
  private isClosed = false;
  private trouble: Error | null = null;

  constructor(private readonly options: CommitLogOptions) {
    this.batch = this.newBatch();
  }

  /** Whether the database takes what is written. */
  get isWriting(): boolean {
    return this.trouble === null;
  }

  get hasRoom(): boolean {
    const { limits } = this.options;
    const deliveries = this.batch.deliveries + (this.writing?.deliveries ?? 0);
    return deliveries < limits.deliveries && this.batch.bytes + (this.writing?.bytes ?? 0) < limits.bytes;
  }

  /** The ids of messages begin after this one. */
  startAfter(messageId: number): void {
    this.messageId = messageId;
  }

  /** To be called after each change: it will be written. */
  changed(): void {
    this.changes++;
    this.running ??= this.run();
  }

  committed(): Promise<void> | null {
    if (!this.batch.isEmpty) return this.batch.done;
    return this.writing?.done ?? null;
  }

  /** As `committed`, and null when nothing of this session waits. */
  committedOf(sessionId: number): Promise<void> | null {
    if (this.batch.touches(sessionId)) return this.batch.done;
    return this.writing?.touches(sessionId) ? this.writing.done : null;
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
    this.isClosed = true;
  }

  private newBatch(): SessionBatch {
    return new SessionBatch(() => ++this.messageId);
  }

  private async run(): Promise<void> {
    while (!this.batch.isEmpty) {
      await this.gather();
      await setImmediate();
      const batch = this.batch;
      this.writing = batch;
      this.batch = this.newBatch();
      const error = await this.write({ removed: batch.removed, changes: [...batch.changes] });
      this.writing = null;
      batch.finish(error);
    }
    this.running = null;
  }

  private async gather(): Promise<void> {
    for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS && !this.isClosing; waitedMs++) {
      const before = this.changes;
      await this.sleep.for(1);
      if (this.changes - before < WORTH_WAITING) return;
    }
  }

  /** Resolves with the error when not all of it was kept. */
  private async write(part: WritePart): Promise<Error | null> {
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(waitMs * 2, LAST_RETRY_MS)) {
      const error = await this.tryToWrite(part);
      if (!error) return null;
      if (isDataError(error)) return this.isolate(part, error);
      if (this.hasGivenUp) return error;
      this.tellOutage(error);
      await this.sleep.for(waitMs);
    }
  }

  private async tryToWrite(part: WritePart): Promise<Error | null> {
    if (this.isClosed) return new Error('The session store is closed.');
    try {
      await this.options.write(part);
      this.tellOutage(null);
      return null;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /**
   * A value that Postgres cannot store must not hold up the log for ever: the sessions of the batch are written in
   * halves, until the one that has it is alone and its changes are dropped. Nobody is told that this batch is durable.
   */
  private async isolate({ removed, changes }: WritePart, error: Error): Promise<Error> {
    const [first] = changes;
    const middle = changes.length >> 1;
    if (removed.size > 0 && changes.length > 0) {
      await this.write({ removed, changes: [] });
      await this.write({ removed: NONE, changes });
    } else if (changes.length > 1) {
      await this.write({ removed: NONE, changes: changes.slice(0, middle) });
      await this.write({ removed: NONE, changes: changes.slice(middle) });
    } else if (first) this.options.lost(first.id, error);
    return error;
  }

  private tellOutage(error: Error | null): void {
    const isNews = (this.trouble === null) !== (error === null);
    this.trouble = error;
    if (isNews) this.options.outage(error);
  }
}

interface WritePart {
  readonly removed: ReadonlySet<number>;
  readonly changes: readonly SessionChanges[];
}

const NONE: ReadonlySet<number> = new Set();
