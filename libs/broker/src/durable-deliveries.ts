import { Copies } from './copies.js';
import type { Deliveries, Delivery } from './deliveries.js';
import { DeliveryTally } from './delivery-tally.js';
import { DurableStream } from './durable-stream.js';
import { Fifo } from './fifo.js';
import type { SharedFrames } from './frame.js';
import { sizeOf, type Message } from './message.js';
import type { StoredDelivery } from './ports/session-store.js';
import type { Session, SessionContext } from './session.js';

/** What is known of the deliveries of a session that is not new. */
export interface DurableState {
  /** The session's id in the store. */
  readonly id: number;
  readonly count: number;
  readonly bytes: number;
  readonly lastSeq: number;
  readonly sentSeq: number;
  /** Nobody knows what was sent behind `sentSeq`: the broker ended without a word. */
  readonly isUncertain: boolean;
}

/**
 * What a durable session is owed. The store has all of it, in the order of `seq`; here are counters, and while the client
 * is online a stream of what is next in line.
 *
 * The packet id follows from `seq`, so it need not be written when a message is sent, and survives a crash [MQTT-4.4.0-1].
 */
export class DurableDeliveries implements Deliveries {
  readonly id: number;
  /** Of the delivery that was added last. */
  lastSeq: number;
  /** Up to here nobody knows what was sent, or 0. */
  uncertainThrough: number;
  private lastSentSeq: number;
  private readonly tally: DeliveryTally;
  /** QoS 0 that waits for the client to come back, oldest first; null for none. */
  private unsure: Fifo<{ readonly seq: number; readonly bytes: number }> | null = null;
  /** Null while the client is not online. */
  private stream: DurableStream | null = null;

  constructor(
    private readonly session: Session,
    private readonly context: SessionContext,
    state: DurableState,
  ) {
    this.id = state.id;
    this.tally = new DeliveryTally(context);
    this.tally.add(state.count, state.bytes);
    // What was sent is perhaps settled and gone, but its place in the order is not for another one.
    this.lastSeq = Math.max(state.lastSeq, state.sentSeq);
    this.lastSentSeq = state.sentSeq;
    this.uncertainThrough = state.isUncertain ? state.lastSeq : 0;
  }

  /** How many deliveries are owed, in flight or not. */
  get count(): number {
    return this.tally.count;
  }

  get inFlightCount(): number {
    return this.stream?.inFlightCount ?? 0;
  }

  get queuedCount(): number {
    return this.tally.count - this.inFlightCount;
  }

  get bytes(): number {
    return this.tally.bytes;
  }

  /** Highest `seq` that was ever sent, or may have been. */
  get sentSeq(): number {
    return Math.max(this.lastSentSeq, this.uncertainThrough);
  }

  /** The client may have got it. */
  mayHaveSent(seq: number): boolean {
    return seq <= this.sentSeq;
  }

  /** It was sent before, for all that is known. */
  wasSent(seq: number): boolean {
    return seq <= this.lastSentSeq;
  }

  /** It is sent now. */
  sending(seq: number): void {
    if (seq > this.lastSentSeq) this.lastSentSeq = seq;
  }

  get hasRoom(): boolean {
    return this.stream?.hasRoom === true;
  }

  canTake(message: Message): boolean {
    return this.tally.canTake(message);
  }

  accept(frames: SharedFrames, { message, qos, retain, subscription }: Delivery): boolean {
    if (!this.makeRoomFor(message)) return this.dropAtLimit();
    const delivery: StoredDelivery = {
      seq: ++this.lastSeq,
      qos,
      retain,
      isReceived: false,
      identifiers: subscription.variant?.subscriptionIdentifiers ?? null,
      share: subscription.share === null ? null : subscription.filter,
      message,
    };
    this.append(delivery);
    const copies = (frames.copies ??= new Copies());
    copies.added();
    this.stream?.added(frames, { delivery, copies });
    return true;
  }

  pump(): void {
    this.stream?.pump();
  }

  acknowledged(packetId: number): boolean {
    return this.stream?.acknowledged(packetId) === true;
  }

  received(packetId: number): boolean {
    return this.stream?.received(packetId) === true;
  }

  refused(packetId: number): boolean {
    return this.stream?.refused(packetId) === true;
  }

  completed(packetId: number): boolean {
    return this.stream?.completed(packetId) === true;
  }

  forgetUnreachable(): void {
    this.stream?.readAgain();
  }

  attached(): void {
    this.stream?.end();
    this.stream = new DurableStream(this, this.session, this.context);
    this.stream.pump();
  }

  detached(): void {
    this.stream?.end();
    this.stream = null;
  }

  /** Drops everything that waits; what is in flight goes on. Returns how many that were. */
  clear(): number {
    const { stream } = this;
    const dropped = this.queuedCount;
    this.context.log.store.settleRange(this.id, stream?.startedSeq ?? 0, this.lastSeq);
    this.tally.remove(dropped, this.tally.bytes - (stream?.inFlightBytes ?? 0));
    this.unsure = null;
    stream?.skipToEnd();
    return dropped;
  }

  /** The session has ended: its deliveries no longer count. */
  ended(): void {
    this.tally.remove(this.tally.count, this.tally.bytes);
    this.detached();
  }

  /** The delivery is over. */
  settle(seq: number, bytes: number): void {
    this.context.log.store.settle(this.id, seq);
    this.tally.remove(1, bytes);
    const { unsure } = this;
    for (let oldest = unsure?.peek(); oldest && oldest.seq <= seq; oldest = unsure?.peek()) unsure?.shift();
  }

  private append(delivery: StoredDelivery): void {
    const { log } = this.context;
    const bytes = sizeOf(delivery.message);
    log.store.append(this.id, delivery);
    this.tally.add(1, bytes);
    if (delivery.qos === 0) (this.unsure ??= new Fifo()).push({ seq: delivery.seq, bytes });
  }

  /** At a bound the oldest QoS 0 goes first. */
  private makeRoomFor(message: Message): boolean {
    while (!this.canTake(message)) {
      const oldest = this.unsure?.shift();
      if (!oldest) return false;
      this.settle(oldest.seq, oldest.bytes);
      this.dropAtLimit();
    }
    return true;
  }

  private dropAtLimit(): false {
    this.context.counters.queueOverflows++;
    return this.session.drop();
  }
}
