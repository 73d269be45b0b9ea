import { CommitGroup, type Copies, type SafetyListener } from './copies.js';
import type { Limits } from './limits.js';
import type { SessionStore } from './ports/session-store.js';

/** What all durable sessions share: where they are kept, and how much of it there is. */
export class SessionLog {
  /** Deliveries that are owed to durable sessions, over all of them. */
  queuedMessages = 0;
  /** Bytes of them, payload and properties. */
  queuedBytes = 0;
  private lastId = 0;
  private group: CommitGroup | null = null;

  constructor(
    readonly store: SessionStore,
    private readonly limits: Pick<Limits, 'queuedMessages' | 'queuedBytes'>,
  ) {}

  /** The id of a new session. */
  nextId(): number {
    return ++this.lastId;
  }

  /** A session of this id is there already. */
  knows(id: number): void {
    if (id > this.lastId) this.lastId = id;
  }

  /** Tells when the copies, added in this turn, are safe. */
  whenSafe(copies: Copies, listener: SafetyListener): void {
    const committed = this.store.committed();
    if (committed === null) return listener.safe();
    if (this.group?.committed !== committed) this.group = new CommitGroup(committed);
    copies.waitIn(this.group, listener);
  }

  /** Counts deliveries in, or out with negative figures. */
  count(messages: number, bytes: number): void {
    this.queuedMessages += messages;
    this.queuedBytes += bytes;
  }

  /** True when there is a place for so many bytes more, over all sessions. */
  hasRoomFor(bytes: number): boolean {
    return this.queuedMessages < this.limits.queuedMessages && this.queuedBytes + bytes <= this.limits.queuedBytes;
  }
}
