import { MemorySessionStore } from '../../ports/memory-session-store.js';
import type { ReadLimit, RestoredSession, SessionStore, StoredDelivery } from '../../ports/session-store.js';

type Change = (store: SessionStore) => void;

/** What is on the disk: every change that was committed, in order. Outlives the stores that wrote it. */
export class Disk {
  readonly committed: Change[] = [];
}

/**
 * A session store whose commits wait until the test lets them happen, and whose process can die at any moment: what
 * was not committed is gone. Made of memory stores, one for what is seen and the disk for what survives.
 */
export class CrashingSessionStore implements SessionStore {
  /** Commits wait for `commit`; otherwise they happen by themselves, a moment later. */
  isHolding = false;
  readonly hasRoom = true;
  private readonly seen = new MemorySessionStore();
  private pending: Change[] = [];
  private waiting: Promise<void> | null = null;
  private release: (() => void) | null = null;
  private isDead = false;

  constructor(private readonly disk: Disk) {
    for (const change of disk.committed) change(this.seen);
  }

  get hasPending(): boolean {
    return this.pending.length > 0;
  }

  /** Everything so far survives. */
  commit(): void {
    if (this.isDead) return;
    this.disk.committed.push(...this.pending);
    this.pending = [];
    this.release?.();
    this.release = null;
    this.waiting = null;
  }

  /** The process is gone: nothing is written any more, and nobody is told. */
  crash(): void {
    this.isDead = true;
  }

  async load(take: (session: RestoredSession) => void): Promise<void> {
    await this.seen.load(take);
  }

  keepSession(...args: Parameters<SessionStore['keepSession']>): void {
    this.change((store) => store.keepSession(...args));
  }

  removeSession(...args: Parameters<SessionStore['removeSession']>): void {
    this.change((store) => store.removeSession(...args));
  }

  keepSubscription(...args: Parameters<SessionStore['keepSubscription']>): void {
    this.change((store) => store.keepSubscription(...args));
  }

  removeSubscription(...args: Parameters<SessionStore['removeSubscription']>): void {
    this.change((store) => store.removeSubscription(...args));
  }

  append(...args: Parameters<SessionStore['append']>): void {
    this.change((store) => store.append(...args));
  }

  markReceived(...args: Parameters<SessionStore['markReceived']>): void {
    this.change((store) => store.markReceived(...args));
  }

  settle(...args: Parameters<SessionStore['settle']>): void {
    this.change((store) => store.settle(...args));
  }

  settleRange(...args: Parameters<SessionStore['settleRange']>): void {
    this.change((store) => store.settleRange(...args));
  }

  keepPacketId(...args: Parameters<SessionStore['keepPacketId']>): void {
    this.change((store) => store.keepPacketId(...args));
  }

  removePacketId(...args: Parameters<SessionStore['removePacketId']>): void {
    this.change((store) => store.removePacketId(...args));
  }

  committed(): Promise<void> | null {
    if (this.pending.length === 0) return null;
    this.waiting ??= new Promise((resolve) => (this.release = resolve));
    return this.waiting;
  }

  read(sessionId: number, afterSeq: number, limit: ReadLimit): Promise<readonly StoredDelivery[]> {
    return this.seen.read(sessionId, afterSeq, limit);
  }

  async close(): Promise<void> {
    this.commit();
  }

  private change(change: Change): void {
    if (this.isDead) return;
    change(this.seen);
    this.pending.push(change);
    if (!this.isHolding && this.pending.length === 1) setImmediate(() => this.isHolding || this.commit());
  }
}
