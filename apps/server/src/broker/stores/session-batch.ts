import { sizeOf, type Message, type StoredDelivery } from '@perch/broker';
import { type Appended, type BatchMessage, type SeqRange, SessionChanges } from './session-changes.js';

const MESSAGE_OVERHEAD_BYTES = 512;
const DELIVERY_OVERHEAD_BYTES = 256;

/** The changes that become durable together. What cancels out inside a batch never gets to the database. */
export class SessionBatch {
  /** How many deliveries it appends. */
  deliveries = 0;
  /** What they take of memory, roughly. */
  bytes = 0;
  /** Sessions whose rows have to go, before anything else is done. */
  readonly removed = new Set<number>();

  private readonly sessions = new Map<number, SessionChanges>();
  private readonly messages = new Map<Message, BatchMessage>();
  private answer: Answer | null = null;
  private hasChanges = false;

  constructor(private readonly nextMessageId: () => number) {}

  get isEmpty(): boolean {
    return !this.hasChanges;
  }

  get changes(): IterableIterator<SessionChanges> {
    return this.sessions.values();
  }

  /** Resolves when the batch is durable. The same promise for everybody. */
  get done(): Promise<void> {
    this.answer ??= newAnswer();
    return this.answer.promise;
  }

  /** Says how it went. */
  finish(error: Error | null): void {
    if (error) this.answer?.reject(error);
    else this.answer?.resolve();
  }

  touches(sessionId: number): boolean {
    return this.sessions.has(sessionId) || this.removed.has(sessionId);
  }

  of(sessionId: number): SessionChanges {
    this.hasChanges = true;
    let changes = this.sessions.get(sessionId);
    if (!changes) this.sessions.set(sessionId, (changes = new SessionChanges(sessionId)));
    return changes;
  }

  remove(sessionId: number): void {
    this.hasChanges = true;
    const changes = this.sessions.get(sessionId);
    for (const appended of changes?.appended?.values() ?? []) this.cancel(appended);
    this.sessions.delete(sessionId);
    if (!changes?.isNew) this.removed.add(sessionId);
  }

  append(sessionId: number, delivery: StoredDelivery): void {
    const copy = this.copyOf(delivery.message);
    copy.deliveries += 1;
    this.deliveries += 1;
    this.bytes += DELIVERY_OVERHEAD_BYTES;
    this.of(sessionId).append(delivery.seq, { delivery, copy, isReceived: delivery.isReceived });
  }

  settle(sessionId: number, seq: number): void {
    const cancelled = this.of(sessionId).settle(seq);
    if (cancelled) this.cancel(cancelled);
  }

  settleRange(sessionId: number, settled: SeqRange): void {
    for (const cancelled of this.of(sessionId).settleRange(settled)) this.cancel(cancelled);
  }

  private copyOf(message: Message): BatchMessage {
    const known = this.messages.get(message);
    if (known) return known;
    const copy = { id: this.nextMessageId(), message, deliveries: 0 };
    this.messages.set(message, copy);
    this.bytes += weigh(message);
    return copy;
  }

  private cancel({ copy }: Appended): void {
    this.deliveries -= 1;
    this.bytes -= DELIVERY_OVERHEAD_BYTES;
    copy.deliveries -= 1;
    if (copy.deliveries > 0) return;
    this.messages.delete(copy.message);
    this.bytes -= weigh(copy.message);
  }
}

interface Answer {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: Error): void;
}

function newAnswer(): Answer {
  let resolve = (): void => undefined;
  let reject = (_error: Error): void => undefined;
  const promise = new Promise<void>((onDone, onFailed) => {
    resolve = onDone;
    reject = onFailed;
  });
  promise.catch(() => undefined); // whoever waits hears of it; that nobody does is no error
  return { promise, resolve, reject };
}

function weigh(message: Message): number {
  return message.topic.length + sizeOf(message) + MESSAGE_OVERHEAD_BYTES;
}
