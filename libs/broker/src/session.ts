import { filterMatches, type ClientIdentity, type Grants } from '@perch/policy';
import type { Counters } from './counters.js';
import { DeliveryQueue, type Delivery } from './delivery-queue.js';
import { shapeOf, SharedFrames, type Frame, type WireFormat } from './frame.js';
import { InFlight } from './in-flight.js';
import type { Limits } from './limits.js';
import type { Message } from './message.js';
import type { Outbox } from './outbox.js';
import type { Clock } from './ports/clock.js';
import type { Refusal } from './refusal.js';
import { Replay } from './replay.js';
import type { Subscription } from './subscription.js';

/** What a session needs of the connection it is served by. */
export interface Peer {
  readonly format: WireFormat;
  readonly outbox: Outbox;
  /** Largest packet that the client takes, in bytes [MQTT5 3.1.2.11.4]. */
  readonly maximumPacketBytes: number;
  /** QoS 1 and 2 deliveries that the client takes at a time [MQTT5 3.1.2.11.3]. */
  readonly receiveMaximum: number;
  /** A change of the policy took these subscriptions away. */
  revoked(filters: readonly string[]): void;
  /** Tells the client why, as far as its protocol can, and ends the link. */
  end(refusal: Refusal): void;
  /** The same, for something that the client did: counted. */
  refuse(refusal: Refusal): void;
}

/** Who a session belongs to, and under which rights. */
export interface SessionOptions {
  readonly identity: ClientIdentity;
  readonly port: number | null;
  readonly protocol: string;
  readonly grants: Grants;
  /** A device: announced in presence, judged by the policy. False for an operator's own connection. */
  readonly isClient: boolean;
  /** Seconds, 0 for none. */
  readonly keepAlive: number;
  readonly will: Message | null;
  readonly peer: Peer;
}

/** What all sessions of a broker share. */
export interface SessionContext {
  readonly clock: Clock;
  readonly counters: Counters;
  readonly limits: Limits;
}

/** What the broker knows of one client while it is connected. Durable sessions will outlive their connection here. */
export class Session {
  readonly clientId: string;
  readonly subscriptions = new Map<string, Subscription>();
  readonly connectedAt: number;
  readonly peer: Peer;
  grants: Grants;
  /** Published when the session ends without a DISCONNECT [MQTT-3.1.2-8]. */
  will: Message | null;
  messagesIn = 0;
  messagesOut = 0;
  isClosed = false;
  private inFlight: InFlight | null = null;
  private queue: DeliveryQueue | null = null;
  private replays: Replay | null = null;

  constructor(
    readonly options: SessionOptions,
    private readonly context: SessionContext,
  ) {
    this.clientId = options.identity.clientId;
    this.grants = options.grants;
    this.will = options.will;
    this.peer = options.peer;
    this.connectedAt = context.clock.now();
  }

  get identity(): ClientIdentity {
    return this.options.identity;
  }

  /** Deliveries sent and not yet acknowledged. */
  get inFlightCount(): number {
    return this.inFlight?.size ?? 0;
  }

  /** Deliveries that wait for a place in the in-flight window, or for the link. */
  get queuedCount(): number {
    return this.queue?.size ?? 0;
  }

  /** Sends the message through the subscription, or queues it. True unless it was dropped or held back. */
  deliver(frames: SharedFrames, subscription: Subscription, isReplay: boolean): boolean {
    const { message } = frames;
    if (this.isClosed || (subscription.noLocal && message.publisher === this.clientId)) return false;
    const retain = isReplay || (subscription.retainAsPublished && message.retain);
    const { format } = this.peer;
    let qos = message.qos < subscription.qos ? message.qos : subscription.qos;
    if (qos > format.maximumQos) qos = format.maximumQos;
    if (qos === 0) return this.send(frames.get(format, shapeOf(0, retain), subscription.variant), 0, message);
    return this.deliverAcknowledged(frames, { message, qos, retain, subscription });
  }

  /** Sends retained messages through a new subscription, as fast as the client takes them. */
  replay(subscription: Subscription, messages: Iterable<Message | null>): void {
    this.replays ??= new Replay(this, this.context.clock);
    this.replays.add(subscription, messages);
  }

  /** Nothing waits: neither for the link nor for an acknowledgement. */
  get hasRoom(): boolean {
    return !this.isClosed && this.peer.outbox.hasRoom && this.queuedCount === 0 && this.inFlight?.isFull !== true;
  }

  /** The link has room again. */
  drained(): void {
    this.pump();
    this.replays?.go();
  }

  /** PUBACK. False when the packet id is not in flight. */
  acknowledged(packetId: number): boolean {
    return this.freed(this.inFlight?.acknowledge(packetId));
  }

  /** PUBREC. False when the packet id is not in flight. */
  received(packetId: number): boolean {
    return this.inFlight?.receive(packetId) === true;
  }

  /** PUBREC with a refusal. False when the packet id is not in flight. */
  refused(packetId: number): boolean {
    return this.freed(this.inFlight?.refuse(packetId));
  }

  /** PUBCOMP. False when the packet id is not in flight. */
  completed(packetId: number): boolean {
    return this.freed(this.inFlight?.complete(packetId));
  }

  /**
   * The shared QoS 1 deliveries that the client never acknowledged, once the session has ended: another member of
   * their group is to have them [MQTT-4.8.2-4]. QoS 2 stays undelivered [MQTT-4.8.2-5].
   */
  *unacknowledgedShares(): Generator<Delivery> {
    for (const deliveries of [this.inFlight?.unacknowledgedShares() ?? [], this.queue?.waiting() ?? []]) {
      for (const delivery of deliveries) if (delivery.qos === 1 && delivery.subscription.share !== null) yield delivery;
    }
  }

  /** Removes queued messages that no subscription of this session reaches any more. */
  forgetUnreachable(): void {
    if (!this.queue || this.queue.size === 0) return;
    this.context.counters.dropped += this.queue.removeUnless((message) => this.reaches(message.topic));
  }

  private reaches(topic: string): boolean {
    for (const { topicFilter, exclusions } of this.subscriptions.values()) {
      if (filterMatches(topicFilter, topic) && !exclusions?.some((excluded) => filterMatches(excluded, topic)))
        return true;
    }
    return false;
  }

  private deliverAcknowledged(frames: SharedFrames, delivery: Delivery): boolean {
    this.inFlight ??= new InFlight(Math.min(this.peer.receiveMaximum, this.context.limits.inFlightPerSession));
    const mustWait = this.inFlight.isFull || this.queuedCount > 0 || !this.peer.outbox.hasRoom;
    return mustWait ? this.enqueue(delivery) : this.sendAcknowledged(frames, delivery);
  }

  private sendAcknowledged(frames: SharedFrames, delivery: Delivery): boolean {
    const { message, qos, retain, subscription } = delivery;
    const frame = frames.get(this.peer.format, shapeOf(qos, retain), subscription.variant);
    if (frame.bytes.length > this.peer.maximumPacketBytes) return this.drop();
    return this.send(frame, (this.inFlight as InFlight).take(delivery), message);
  }

  private send(frame: Frame, packetId: number, message: Message): boolean {
    if (frame.bytes.length > this.peer.maximumPacketBytes) return this.drop();
    const { counters } = this.context;
    counters.messagesSent++;
    counters.payloadBytesSent += message.payload.length;
    this.messagesOut++;
    this.peer.outbox.push(frame, packetId);
    return true;
  }

  private enqueue(delivery: Delivery): boolean {
    const { limits, clock } = this.context;
    this.queue ??= new DeliveryQueue(limits.queuePerSession, limits.queueBytesPerSession);
    if (this.queue.push(delivery)) return true;
    // It reads too slowly for what it asked to be sent surely; ended after this fan-out, not within it.
    clock.soon(() => this.peer.refuse('quota-exceeded'));
    return this.drop();
  }

  private freed(hasFreed: boolean | undefined): boolean {
    if (hasFreed !== true) return false;
    this.pump();
    this.replays?.go();
    return true;
  }

  private pump(): void {
    while (this.peer.outbox.hasRoom && this.inFlight?.isFull !== true) {
      const next = this.queue?.shift();
      if (!next) return;
      const now = this.context.clock.now();
      if (next.message.expiresAt !== null && next.message.expiresAt <= now) this.drop();
      else {
        this.sendAcknowledged(new SharedFrames(next.message, now), next);
      }
    }
  }

  private drop(): false {
    this.context.counters.dropped++;
    return false;
  }
}
