import type { Limits } from './limits.js';
import type { SessionStore } from './ports/session-store.js';

/** What all durable sessions share: where they are kept, and how much of it there is. */
export class SessionLog {
  /** Deliveries that are owed to durable sessions, over all of them. */
  queuedMessages = 0;
  /** Bytes of them, payload and properties. */
  queuedBytes = 0;
  /** Rises with each delivery that is added. */
  appended = 0;
  private lastId = 0;

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
