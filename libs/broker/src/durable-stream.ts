import { mayRead } from './access/asked-grants.js';
import { CommitWatch } from './commit-watch.js';
import type { Copies } from './copies.js';
import type { DurableDeliveries } from './durable-deliveries.js';
import { Fifo } from './fifo.js';
import { DUP_SHAPE, shapeOf, SharedFrames, type Variant } from './frame.js';
import { sizeOf, type Qos } from './message.js';
import { packetIdOf } from './packet-id.js';
import type { ReadLimit, SessionStore, StoredDelivery } from './ports/session-store.js';
import type { Peer, Session, SessionContext } from './session.js';

interface Flight {
  readonly seq: number;
  readonly qos: Qos;
  readonly bytes: number;
  readonly copies: Copies | null;
  isReceived: boolean;
  /** PUBREL has left, or may. */
  isReleased: boolean;
}

/** A delivery, and the copies that it is one of while somebody may wait for them. */
export interface Queued {
  readonly delivery: StoredDelivery;
  readonly copies: Copies | null;
}

const MIB = 1024 * 1024;
/** What is read from the store at a time, and what may wait in memory for a client that is online. */
const PAGE: ReadLimit = { count: 256, bytes: MIB };
const WAITING_COUNT = 1024;
const WAITING_BYTES = MIB;

/**
 * What a durable session is owed, on its way to the client that is online: in memory are the deliveries next in line.
 *
 *     settled | in flight | waiting in memory | in the store only |
 *             ^ sent up to lastSentSeq        ^ readSeq           ^ lastSeq
 *
 * Begins anew with each connection: everything that is not acknowledged is sent again [MQTT-4.4.0-1].
 */
export class DurableStream {
  /** Up to here memory has seen what is owed. */
  readSeq: number;
  private readonly inFlight = new Map<number, Flight>();
  private readonly queue = new Fifo<Queued>();
  private queueBytes = 0;
  private readonly commits: CommitWatch;
  /** As many deliveries of which nobody knows whether they were sent, as the window had room for. */
  private uncertainLeft: number;
  private readonly peer: Peer;
  private isReading = false;
  private isEnded = false;
  /** Rises when what is in memory is thrown away: what was read for it is then stale. */
  private generation = 0;

  constructor(
    private readonly owed: DurableDeliveries,
    private readonly session: Session,
    private readonly context: SessionContext,
  ) {
    this.peer = session.peer as Peer;
    this.readSeq = owed.count === 0 ? owed.lastSeq : 0;
    this.uncertainLeft = context.limits.inFlightPerSession;
    this.commits = new CommitWatch(this.store, this);
  }

  get inFlightCount(): number {
    return this.inFlight.size;
  }

  /** Of what is in flight, payload and properties. */
  get inFlightBytes(): number {
    let bytes = 0;
    for (const flight of this.inFlight.values()) bytes += flight.bytes;
    return bytes;
  }

  /** Up to here it has been sent, or is to be. */
  get startedSeq(): number {
    const next = this.queue.peek();
    return next ? next.delivery.seq - 1 : this.readSeq;
  }

  get hasRoom(): boolean {
    return this.isLive && this.queue.size === 0 && this.inFlight.size < this.window;
  }

  /** The delivery has been added at the end: sends it or lets it wait here, unless it has to be read later on. */
  added(frames: SharedFrames, queued: Queued): void {
    const { seq } = queued.delivery;
    if (this.readSeq !== seq - 1 || this.queue.size >= WAITING_COUNT || this.queueBytes >= WAITING_BYTES) return;
    this.readSeq = seq;
    if (this.queue.size === 0 && this.peer.outbox.hasRoom && this.mayStart(queued.delivery)) this.send(frames, queued);
    else this.enqueue(queued);
  }

  /** Sends what waits, as far as there is room. */
  pump(): void {
    for (let next = this.queue.peek(); next && this.peer.outbox.hasRoom; next = this.queue.peek()) {
      if (!this.mayStart(next.delivery)) return;
      this.queue.shift();
      this.queueBytes -= sizeOf(next.delivery.message);
      this.start(next);
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
    if (flight.isReleased) this.peer.release(packetId);
    if (flight.isReceived) return true; // its PUBREL is on its way
    flight.isReceived = true;
    this.store.markReceived(this.owed.id, flight.seq);
    // PUBREL lets the client forget the packet id: it must not leave before we would remember that after a crash.
    this.session.whenCommitted(() => {
      flight.isReleased = true;
      this.peer.release(packetId);
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
  readAgain(): void {
    this.readSeq = this.startedSeq;
    this.forget();
    this.pump();
  }

  /** Nothing is owed behind what is in flight. */
  skipToEnd(): void {
    this.forget();
    this.readSeq = this.owed.lastSeq;
  }

  /** The connection has ended: what is still being read, or waited for, is of no use. */
  end(): void {
    this.isEnded = true;
    this.forget();
  }

  /** More would survive a crash. */
  advanced(): void {
    if (!this.isEnded) this.pump();
  }

  failed(error: unknown): void {
    this.context.report(error, `deliveries of ${this.session.clientId}`);
    if (!this.isEnded) this.peer.end('unavailable');
  }

  private get store(): SessionStore {
    return this.context.log.store;
  }

  /** Memory has seen everything that the store has. */
  private get isLive(): boolean {
    return this.readSeq === this.owed.lastSeq;
  }

  private get window(): number {
    return Math.min(this.peer.receiveMaximum, this.context.limits.inFlightPerSession);
  }

  private mayStart({ seq, qos, isReceived }: StoredDelivery): boolean {
    if (isReceived || qos === 0) return true;
    if (this.inFlight.size >= this.window || this.inFlight.has(packetIdOf(seq))) return false;
    // Sent before its commit, it could come twice: after a crash nobody would know that it had been sent.
    return qos === 1 || this.commits.covers(seq, this.owed.lastSeq);
  }

  private start(queued: Queued): void {
    const { seq, qos, message, isReceived } = queued.delivery;
    const bytes = sizeOf(message);
    const now = this.context.clock.now();
    if (isReceived) {
      this.inFlight.set(packetIdOf(seq), { seq, qos, bytes, copies: null, isReceived, isReleased: true });
      this.peer.release(packetIdOf(seq));
    } else if (!this.owed.wasSent(seq) && message.expiresAt !== null && message.expiresAt <= now) {
      // [MQTT5-4.3.3-7] what was begun to be sent is sent to the end
      this.settle(seq, bytes, queued.copies);
      this.session.drop();
    } else this.send(new SharedFrames(message, now, this.context.report), queued);
  }

  private send(frames: SharedFrames, { delivery, copies }: Queued): void {
    const { seq, qos, retain, message } = delivery;
    const { peer } = this;
    const bytes = sizeOf(message);
    const isRepeated = this.owed.wasSent(seq) && qos > 0;
    this.owed.sending(seq);
    const shape = shapeOf(qos, retain) | (isRepeated ? DUP_SHAPE : 0);
    const frame = frames.get(peer.format, shape, variantOf(delivery));
    const isSayable = frame !== null && frame.length <= peer.maximumPacketBytes;
    if (isSayable && qos > 0)
      this.inFlight.set(packetIdOf(seq), { seq, qos, bytes, copies, isReceived: false, isReleased: false });
    else this.settle(seq, bytes, copies);
    this.session.send(frame, qos === 0 ? 0 : packetIdOf(seq), message);
  }

  private finish(packetId: number): true {
    const { seq, bytes, copies } = this.inFlight.get(packetId) as Flight;
    this.inFlight.delete(packetId);
    this.settle(seq, bytes, copies);
    this.pump();
    this.session.goOn();
    return true;
  }

  private settle(seq: number, bytes: number, copies: Copies | null): void {
    this.owed.settle(seq, bytes);
    copies?.settled();
  }

  private readMore(): void {
    if (this.isReading || this.isLive) return;
    if (this.owed.count === this.inFlight.size) {
      this.readSeq = this.owed.lastSeq;
      return;
    }
    this.isReading = true;
    const { generation } = this;
    const { id, lastSeq } = this.owed;
    this.store
      .read(id, this.readSeq, PAGE)
      .then((page) => {
        if (generation === this.generation) this.take(page, lastSeq);
      })
      .catch((error: unknown) => this.failed(error));
  }

  private take(page: readonly StoredDelivery[], through: number): void {
    this.isReading = false;
    this.readSeq = page.at(-1)?.seq ?? through;
    // A store may show what it has not committed yet.
    if (this.store.committed() === null) this.commits.reached(this.readSeq);
    this.settleUncertainty(page);
    for (const delivery of page) this.judge(delivery);
    this.pump();
  }

  /** As many as the window takes may have been sent before the broker ended without a word. */
  private settleUncertainty(page: readonly StoredDelivery[]): void {
    const { uncertainThrough } = this.owed;
    if (uncertainThrough === 0) return;
    for (const { seq, qos } of page) {
      if (this.uncertainLeft === 0 || seq > uncertainThrough) break;
      if (qos === 0) continue;
      this.uncertainLeft--;
      this.owed.sending(seq);
    }
    if (this.uncertainLeft === 0 || this.readSeq >= uncertainThrough) this.owed.uncertainThrough = 0;
  }

  /** The policy may have changed since the message was put into the store. */
  private judge(delivery: StoredDelivery): void {
    const { seq, qos, message, isReceived } = delivery;
    const queued = { delivery, copies: null };
    if (isReceived || mayRead(this.session.grants, message.topic)) this.enqueue(queued);
    // The client may hold on to the packet id until a PUBREL frees it, and take its next message for this one.
    else if (qos === 2 && this.owed.wasSent(seq))
      this.enqueue({ ...queued, delivery: { ...delivery, isReceived: true } });
    else {
      this.settle(seq, sizeOf(message), null);
      this.session.drop();
    }
  }

  private enqueue(queued: Queued): void {
    this.queue.push(queued);
    this.queueBytes += sizeOf(queued.delivery.message);
  }

  /** Throws away what waits in memory. */
  private forget(): void {
    this.generation++;
    this.isReading = false;
    this.queue.clear();
    this.queueBytes = 0;
  }
}

function variantOf({ identifiers }: StoredDelivery): Variant | null {
  return identifiers ? { subscriptionIdentifiers: identifiers } : null;
}
