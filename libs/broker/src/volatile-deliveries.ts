import { readableBy } from './access/asked-grants.js';
import { QUEUE } from './back-pressure.js';
import type { Deliveries, Delivery } from './deliveries.js';
import { DeliveryQueue } from './delivery-queue.js';
import { shapeOf, SharedFrames } from './frame.js';
import { InFlight } from './in-flight.js';
import type { Message } from './message.js';
import type { Peer, Session, SessionContext } from './session.js';

/** What a session is owed that ends with its connection: all of it in memory. */
export class VolatileDeliveries implements Deliveries {
  private readonly inFlight: InFlight;
  private queue: DeliveryQueue | null = null;

  constructor(
    private readonly session: Session,
    private readonly context: SessionContext,
    private readonly peer: Peer,
  ) {
    this.inFlight = new InFlight(Math.min(peer.receiveMaximum, context.limits.inFlightPerSession));
  }

  get inFlightCount(): number {
    return this.inFlight.size;
  }

  get queuedCount(): number {
    return this.queue?.size ?? 0;
  }

  get bytes(): number {
    return this.queue?.bytes ?? 0;
  }

  get hasRoom(): boolean {
    return this.queuedCount === 0 && !this.inFlight.isFull;
  }

  canTake(message: Message): boolean {
    return this.queue?.canTake(message) ?? true;
  }

  accept(frames: SharedFrames, delivery: Delivery): boolean {
    const mustWait = this.inFlight.isFull || this.queuedCount > 0 || !this.peer.outbox.hasRoom;
    return mustWait ? this.enqueue(delivery) : this.send(frames, delivery);
  }

  pump(): void {
    while (this.peer.outbox.hasRoom && !this.inFlight.isFull) {
      const next = this.queue?.shift();
      if (this.queue?.isLow === true) this.peer.outbox.strain?.ease(QUEUE);
      if (!next) return;
      const now = this.context.clock.now();
      if (next.message.expiresAt !== null && next.message.expiresAt <= now) this.session.drop();
      else this.send(new SharedFrames(next.message, now, this.context.report), next);
    }
  }

  acknowledged(packetId: number): boolean {
    return this.freed(this.inFlight.acknowledge(packetId));
  }

  received(packetId: number): boolean {
    if (!this.inFlight.receive(packetId)) return false;
    this.peer.release(packetId);
    return true;
  }

  refused(packetId: number): boolean {
    return this.freed(this.inFlight.refuse(packetId));
  }

  completed(packetId: number): boolean {
    return this.freed(this.inFlight.complete(packetId));
  }

  /**
   * The deliveries of shared subscriptions that another member of the group is to have once the session has ended: QoS 1
   * that was not acknowledged [MQTT5 4.8.2], and what was never sent. QoS 2 under way stays undelivered [MQTT5-4.8.2-5].
   */
  *unacknowledgedShares(): Generator<Delivery> {
    for (const delivery of this.inFlight.unacknowledgedShares()) if (delivery.qos === 1) yield delivery;
    for (const delivery of this.queue?.waiting() ?? []) if (delivery.subscription.share !== null) yield delivery;
  }

  forgetUnreachable(): void {
    if (this.queuedCount === 0) return;
    const maySee = readableBy(this.session.grants);
    this.context.counters.dropped += this.queue?.removeUnless(({ topic }) => maySee(topic)) ?? 0;
  }

  attached(): void {}

  detached(): void {}

  private send(frames: SharedFrames, delivery: Delivery): boolean {
    const { message, qos, retain, subscription } = delivery;
    const frame = frames.get(this.peer.format, shapeOf(qos, retain), subscription.variant);
    if (frame === null || frame.length > this.peer.maximumPacketBytes) return this.session.drop();
    return this.session.send(frame, this.inFlight.take(delivery), message);
  }

  private enqueue(delivery: Delivery): boolean {
    const { limits, clock } = this.context;
    this.queue ??= new DeliveryQueue(limits.queuePerSession, limits.queueBytesPerSession);
    if (this.queue.push(delivery)) {
      if (this.queue.isHigh) this.peer.outbox.strained.raise(QUEUE);
      return true;
    }
    // It reads too slowly for what it asked to be sent surely; ended after this fan-out, not within it.
    clock.soon(() => this.peer.refuse('quota-exceeded'));
    return this.session.drop();
  }

  private freed(hasFreed: boolean): boolean {
    if (!hasFreed) return false;
    if (this.queuedCount > 0) this.peer.outbox.strain?.moved();
    this.pump();
    this.session.goOn();
    return true;
  }
}
