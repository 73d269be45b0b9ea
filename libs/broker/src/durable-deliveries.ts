import { CommitWatch } from './commit-watch.js';
import type { Deliveries, Delivery } from './deliveries.js';
import { DeliveryTally } from './delivery-tally.js';
import { Fifo } from './fifo.js';
import { DUP_SHAPE, shapeOf, SharedFrames, type Variant } from './frame.js';
import { sizeOf, type Message, type Qos } from './message.js';
import { packetIdOf } from './packet-id.js';
import type { ReadLimit, StoredDelivery } from './ports/session-store.js';
import type { SessionLog } from './session-log.js';
import type { Peer, Session, SessionContext } from './session.js';

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

interface Flight {
  readonly seq: number;
  readonly qos: Qos;
  readonly bytes: number;
  isReceived: boolean;
  /** PUBREL has left, or may. */
  isReleased: boolean;
}

const MIB = 1024 * 1024;
/** What is read from the store at a time, and what may wait in memory for a client that is online. */
const PAGE: ReadLimit = { count: 256, bytes: MIB };
const WAITING_COUNT = 1024;
const WAITING_BYTES = MIB;

/**
 * What a durable session is owed. The store has all of it, in the order of `seq`; memory holds counters and, while the
 * client is online, the deliveries next in line:
 *
 *     settled | in flight | waiting in memory | in the store only |
 *             ^ sent up to sentSeq            ^ readSeq           ^ lastSeq
 *
 * The packet id follows from `seq`, so it need not be written when a message is sent, and survives a crash [MQTT-4.4.0-1].
 */
export class DurableDeliveries implements Deliveries {
  readonly id: number;
  private readonly inFlight = new Map<number, Flight>();
  private readonly queue = new Fifo<StoredDelivery>();
  private queueBytes = 0;
  private readonly tally: DeliveryTally;
  private lastSeq: number;
  private readSeq: number;
  private lastSentSeq: number;
  private readonly commits: CommitWatch;
  /** Up to here nobody knows what was sent, or 0. */
  private uncertainThrough: number;
  /** As many of those as the window had room for. */
  private uncertainLeft = 0;
  /** QoS 0 that waits for the client to come back, oldest first. */
  private readonly unsure = new Fifo<{ readonly seq: number; readonly bytes: number }>();
  private isReading = false;
  /** Rises when what is in memory is thrown away: what was read for it is then stale. */
  private generation = 0;

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
    this.readSeq = this.lastSeq;
    this.commits = new CommitWatch(context.log.store, this.lastSeq, {
      advanced: () => this.pump(),
      failed: (error) => this.failed(error),
    });
    this.lastSentSeq = state.sentSeq;
    this.uncertainThrough = state.isUncertain ? state.lastSeq : 0;
  }

  get inFlightCount(): number {
    return this.inFlight.size;
  }

  get queuedCount(): number {
    return this.tally.count - this.inFlight.size;
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

  get hasRoom(): boolean {
    return this.isLive && this.queue.size === 0 && this.inFlight.size < this.window;
  }

  canTake(message: Message): boolean {
    return this.tally.canTake(message);
  }

  accept(frames: SharedFrames, { message, qos, retain, subscription }: Delivery): boolean {
    if (!this.makeRoomFor(message)) return this.dropAtLimit();
    const { peer } = this.session;
    const { isLive } = this;
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
    if (peer === null || !isLive || this.queue.size >= WAITING_COUNT || this.queueBytes >= WAITING_BYTES) return true;
    this.readSeq = this.lastSeq;
    if (this.queue.size === 0 && peer.outbox.hasRoom && this.mayStart(delivery)) this.send(frames, delivery, peer);
    else this.enqueue(delivery);
    return true;
  }

  pump(): void {
    const { peer } = this.session;
    if (peer === null) return;
    for (let next = this.queue.peek(); next && peer.outbox.hasRoom; next = this.queue.peek()) {
      if (!this.mayStart(next)) return;
      this.queue.shift();
      this.queueBytes -= sizeOf(next.message);
      this.start(next, peer);
    }
    if (this.queue.size === 0) this.readMore();
  }

  acknowledged(packetId: number): boolean {
    return this.inFlight.get(packetId)?.qos === 1 && this.finish(packetId);
  }

  received(packetId: number): boolean {
    const flight = this.inFlight.get(packetId);
    // While not everything is read, it may be of an earlier connection: it will be sent again, and answered then.
    if (flight?.qos !== 2) return !this.isLive;
    if (flight.isReleased) this.session.peer?.release(packetId);
    if (flight.isReceived) return true; // its PUBREL is on its way
    flight.isReceived = true;
    this.log.store.markReceived(this.id, flight.seq);
    // PUBREL lets the client forget the packet id: it must not leave before we would remember that after a crash.
    this.session.whenCommitted(() => {
      flight.isReleased = true;
      this.session.peer?.release(packetId);
    });
    return true;
  }

  refused(packetId: number): boolean {
    return this.inFlight.get(packetId)?.qos === 2 && this.finish(packetId);
  }

  completed(packetId: number): boolean {
    return this.inFlight.get(packetId)?.isReceived === true && this.finish(packetId);
  }

  /** What waits in memory is read again from the store, and judged as it comes out of it. */
  forgetUnreachable(): void {
    const next = this.queue.peek();
    if (next) this.readSeq = next.seq - 1;
    this.forget();
    this.pump();
  }

  /** [MQTT-4.4.0-1] everything that is not acknowledged is sent again */
  attached(): void {
    this.forget();
    this.inFlight.clear();
    this.readSeq = this.tally.count === 0 ? this.lastSeq : 0;
    this.uncertainLeft = this.context.limits.inFlightPerSession;
    this.pump();
  }

  detached(): void {
    this.forget();
    this.inFlight.clear();
  }

  /** Drops everything that waits; what is in flight goes on. Returns how many that were. */
  clear(): number {
    const dropped = this.queuedCount;
    const next = this.queue.peek();
    const inFlightThrough = this.session.peer === null ? 0 : next ? next.seq - 1 : this.readSeq;
    this.log.store.settleRange(this.id, inFlightThrough, this.lastSeq);
    let bytes = 0;
    for (const flight of this.inFlight.values()) bytes += flight.bytes;
    this.tally.remove(dropped, this.tally.bytes - bytes);
    this.forget();
    this.unsure.clear();
    this.readSeq = this.lastSeq;
    return dropped;
  }

  /** The session has ended: its deliveries no longer count. */
  ended(): void {
    this.tally.remove(this.tally.count, this.tally.bytes);
    this.detached();
  }

  private get log(): SessionLog {
    return this.context.log;
  }

  /** Memory has seen everything that the store has. */
  private get isLive(): boolean {
    return this.readSeq === this.lastSeq;
  }

  private get window(): number {
    return Math.min(this.session.peer?.receiveMaximum ?? 0, this.context.limits.inFlightPerSession);
  }

  private append(delivery: StoredDelivery): void {
    const bytes = sizeOf(delivery.message);
    this.log.store.append(this.id, delivery);
    this.log.appended++;
    this.tally.add(1, bytes);
    if (delivery.qos === 0) this.unsure.push({ seq: delivery.seq, bytes });
  }

  /** At a bound the oldest QoS 0 goes first. */
  private makeRoomFor(message: Message): boolean {
    while (!this.canTake(message)) {
      const oldest = this.unsure.shift();
      if (!oldest) return false;
      this.settle(oldest.seq, oldest.bytes);
      this.dropAtLimit();
    }
    return true;
  }

  private mayStart({ seq, qos, isReceived }: StoredDelivery): boolean {
    if (isReceived || qos === 0) return true;
    if (this.inFlight.size >= this.window || this.inFlight.has(packetIdOf(seq))) return false;
    // Sent before its commit, it could come twice: after a crash nobody would know that it had been sent.
    return qos === 1 || this.commits.covers(seq, this.lastSeq);
  }

  private start(delivery: StoredDelivery, peer: Peer): void {
    const { seq, qos, message } = delivery;
    const bytes = sizeOf(message);
    const now = this.context.clock.now();
    if (delivery.isReceived) {
      this.inFlight.set(packetIdOf(seq), { seq, qos, bytes, isReceived: true, isReleased: true });
      peer.release(packetIdOf(seq));
    } else if (seq > this.lastSentSeq && message.expiresAt !== null && message.expiresAt <= now) {
      // [MQTT5-4.3.3-7] what was begun to be sent is sent to the end
      this.settle(seq, bytes);
      this.session.drop();
    } else this.send(new SharedFrames(message, now, this.context.report), delivery, peer);
  }

  private send(frames: SharedFrames, delivery: StoredDelivery, peer: Peer): void {
    const { seq, qos, retain, message } = delivery;
    const bytes = sizeOf(message);
    const isRepeated = seq <= this.lastSentSeq && qos > 0;
    if (seq > this.lastSentSeq) this.lastSentSeq = seq;
    const shape = shapeOf(qos, retain) | (isRepeated ? DUP_SHAPE : 0);
    const frame = frames.get(peer.format, shape, variantOf(delivery));
    const isSayable = frame !== null && frame.length <= peer.maximumPacketBytes;
    if (isSayable && qos > 0)
      this.inFlight.set(packetIdOf(seq), { seq, qos, bytes, isReceived: false, isReleased: false });
    else this.settle(seq, bytes);
    this.session.send(frame, qos === 0 ? 0 : packetIdOf(seq), message);
  }

  private finish(packetId: number): true {
    const { seq, bytes } = this.inFlight.get(packetId) as Flight;
    this.inFlight.delete(packetId);
    this.settle(seq, bytes);
    this.pump();
    this.session.goOn();
    return true;
  }

  private settle(seq: number, bytes: number): void {
    this.log.store.settle(this.id, seq);
    this.tally.remove(1, bytes);
    for (let oldest = this.unsure.peek(); oldest && oldest.seq <= seq; oldest = this.unsure.peek()) this.unsure.shift();
  }

  private readMore(): void {
    if (this.isReading || this.isLive) return;
    if (this.tally.count === this.inFlight.size) {
      this.readSeq = this.lastSeq;
      return;
    }
    this.isReading = true;
    const { generation, lastSeq } = this;
    this.log.store
      .read(this.id, this.readSeq, PAGE)
      .then((page) => {
        if (generation === this.generation) this.take(page, lastSeq);
      })
      .catch((error: unknown) => this.failed(error));
  }

  private take(page: readonly StoredDelivery[], through: number): void {
    this.isReading = false;
    this.readSeq = page.at(-1)?.seq ?? through;
    // A store may show what it has not committed yet.
    if (this.log.store.committed() === null) this.commits.reached(this.readSeq);
    if (this.uncertainThrough > 0) this.settleUncertainty(page);
    for (const delivery of page) this.judge(delivery);
    this.pump();
  }

  /** As many as the window takes may have been sent before the broker ended without a word. */
  private settleUncertainty(page: readonly StoredDelivery[]): void {
    for (const { seq, qos } of page) {
      if (this.uncertainLeft === 0 || seq > this.uncertainThrough) break;
      if (qos === 0) continue;
      this.uncertainLeft--;
      if (seq > this.lastSentSeq) this.lastSentSeq = seq;
    }
    if (this.uncertainLeft === 0 || this.readSeq >= this.uncertainThrough) this.uncertainThrough = 0;
  }

  /** The policy may have changed since the message was put into the store. */
  private judge(delivery: StoredDelivery): void {
    const { seq, qos, message, isReceived } = delivery;
    if (isReceived || this.session.grants.subscribe(message.topic).allowed) this.enqueue(delivery);
    // The client may hold on to the packet id until a PUBREL frees it, and take its next message for this one.
    else if (qos === 2 && seq <= this.lastSentSeq) this.enqueue({ ...delivery, isReceived: true });
    else {
      this.settle(seq, sizeOf(message));
      this.session.drop();
    }
  }

  private enqueue(delivery: StoredDelivery): void {
    this.queue.push(delivery);
    this.queueBytes += sizeOf(delivery.message);
  }

  /** Throws away what waits in memory. */
  private forget(): void {
    this.generation++;
    this.isReading = false;
    this.queue.clear();
    this.queueBytes = 0;
  }

  private failed(error: unknown): void {
    this.context.report(error, `deliveries of ${this.session.clientId}`);
    this.session.peer?.end('unavailable');
  }

  private dropAtLimit(): false {
    this.context.counters.queueOverflows++;
    return this.session.drop();
  }
}

function variantOf({ identifiers }: StoredDelivery): Variant | null {
  return identifiers ? { subscriptionIdentifiers: identifiers } : null;
}
