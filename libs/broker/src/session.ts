import type { ClientIdentity, Grants } from '@perch/policy';
import type { Admitted } from './access/admitted.js';
import { readableBy } from './access/asked-grants.js';
import type { RevocationNotice } from './access/live-access.js';
import type { AwayWindow } from './away-window.js';
import type { Counters } from './counters.js';
import type { Deliveries } from './deliveries.js';
import { DurableDeliveries, type DurableState } from './durable-deliveries.js';
import { shapeOf, type Frame, type SharedFrames, type WireFormat } from './frame.js';
import type { Limits } from './limits.js';
import type { Link, Traffic } from './link.js';
import type { ListenerTerms } from './listener-terms.js';
import { payloadBytes, type Message } from './message.js';
import type { Outbox } from './outbox.js';
import type { Parting } from './parting.js';
import type { Clock } from './ports/clock.js';
import { allOf, type Route } from './receipt.js';
import type { Refusal } from './refusal.js';
import type { Refusals } from './refusals.js';
import { Replay } from './replay.js';
import type { SessionLog } from './session-log.js';
import type { Subscription } from './subscription.js';
import { VolatileDeliveries } from './volatile-deliveries.js';

/** What a session needs of the connection it is served by. */
export interface Peer {
  readonly format: WireFormat;
  readonly outbox: Outbox;
  /** Largest packet that the client takes, in bytes [MQTT5 3.1.2.11.4]. */
  readonly maximumPacketBytes: number;
  /** QoS 1 and 2 deliveries that the client takes at a time [MQTT5 3.1.2.11.3]. */
  readonly receiveMaximum: number;
  readonly link: Pick<Link, 'certificateName'>;
  /** Those of the listener that the client came in by. */
  readonly terms: ListenerTerms;
  /** The client has the QoS 2 message: its packet id may be released (PUBREL). */
  release(packetId: number): void;
  /** A change of rights took something away, these subscriptions among it. May end the connection. */
  revoked(filters: readonly string[], notice: RevocationNotice): void;
  /** Tells the client why, as far as its protocol can, and ends the link. */
  end(refusal: Refusal, parting?: Parting): void;
  /** The same, for something that the client did: counted. */
  refuse(refusal: Refusal): void;
}

/** What a client asks for when it connects, and what is known of it. */
export interface SessionOptions extends Admitted {
  readonly port: number | null;
  readonly protocol: string;
  readonly grants: Grants;
  /** A device: announced in presence, judged by the policy. False for an operator's own connection. */
  readonly isClient: boolean;
  /** Seconds, 0 for none. */
  readonly keepAlive: number;
  readonly will: Message | null;
  /** Seconds that the will waits for the client to come back [MQTT5 3.1.3.2.2]. */
  readonly willDelayInterval: number;
  /** What is there of an earlier session is to be forgotten [MQTT5 3.1.2.4]. */
  readonly cleanStart: boolean;
  /** Seconds that the session outlives the connection; 4,294,967,295 for ever [MQTT5 3.1.2.11.2]. */
  readonly sessionExpiryInterval: number;
  /** Where it keeps what comes while nobody is there, instead of in the store. */
  readonly window?: AwayWindow | null;
  readonly peer: Peer;
}

/** What all sessions of a broker share. */
export interface SessionContext {
  readonly clock: Clock;
  readonly counters: Counters;
  readonly limits: Limits;
  readonly log: SessionLog;
  readonly refusals: Pick<Refusals, 'ofDelivery'>;
  readonly report: (error: unknown, what: string) => void;
}

const NO_TOPICS: readonly string[] = [];
const NO_SUBSCRIPTIONS: ReadonlyMap<string, Subscription> = new Map();

/**
 * What the broker knows of one client. One that is durable outlives its connections:
 *
 *     offline --attach--> online --detach--> offline | ended
 */
export class Session {
  // What each delivery asks for stands together: a fan-out goes through many sessions that no cache holds any more.
  /** The connection that serves it, or null while there is none. */
  peer: Peer | null = null;
  isClosed = false;
  messagesOut = 0;
  readonly clientId: string;
  /** What is owed to the client for sure, while the store keeps it; null when it ends with the connection. */
  readonly durable: DurableDeliveries | null;
  readonly createdAt: number;
  /** The one that it was last opened for. */
  options: Omit<SessionOptions, 'peer'>;
  grants: Grants;
  /** Published when the connection ends without a DISCONNECT [MQTT-3.1.2-8]. */
  will: Message | null;
  sessionExpiryInterval: number;
  connectedAt: number;
  /** When the connection ended, in ms since the epoch; null while there is one. */
  disconnectedAt: number | null = null;
  messagesIn = 0;
  /** Deliveries that it lost before they reached a link, since it began. */
  dropped = 0;
  /** Where it published last. */
  route: Route | null = null;
  /** QoS 2 publishes of the client that wait for their PUBREL [MQTT 4.3.3], and what their PUBREC waits for. */
  packetIds: Map<number, Promise<void> | null> | null = null;
  private deliveries: Deliveries | null;
  private replays: Replay | null = null;
  /** What its former grants knew of where it published. */
  private formerTopics: readonly string[] = NO_TOPICS;
  private ownSubscriptions: Map<string, Subscription> | null = null;

  constructor(
    options: Omit<SessionOptions, 'peer'>,
    private readonly context: SessionContext,
    state: (DurableState & { readonly createdAt: number }) | null,
  ) {
    this.clientId = options.identity.clientId;
    this.options = options;
    this.grants = options.grants;
    this.will = options.will;
    this.sessionExpiryInterval = options.sessionExpiryInterval;
    this.connectedAt = context.clock.now();
    this.createdAt = state?.createdAt ?? this.connectedAt;
    this.durable = state ? new DurableDeliveries(this, context, state) : null;
    this.deliveries = this.durable;
  }

  get identity(): ClientIdentity {
    return this.options.identity;
  }

  /** Its subscriptions, by filter. */
  get subscriptions(): ReadonlyMap<string, Subscription> {
    return this.ownSubscriptions ?? NO_SUBSCRIPTIONS;
  }

  /** Up to 32 distinct topics that it has published to, those used last first; none of more than 128 characters. */
  recentTopics(): readonly string[] {
    const recent = this.grants.recentTopics();
    return this.formerTopics.length === 0 ? recent : [...new Set([...recent, ...this.formerTopics])].slice(0, 32);
  }

  /** It may do this from now on. */
  putUnder(grants: Grants): void {
    this.formerTopics = this.recentTopics();
    this.grants = grants;
  }

  subscribed(subscription: Subscription): void {
    (this.ownSubscriptions ??= new Map()).set(subscription.filter, subscription);
  }

  unsubscribed(filter: string): void {
    this.ownSubscriptions?.delete(filter);
  }

  /** From all of them, which are returned. */
  unsubscribedAll(): Iterable<Subscription> {
    const all = this.subscriptions.values();
    this.ownSubscriptions = null;
    return all;
  }

  get isOnline(): boolean {
    return this.peer !== null;
  }

  /** Deliveries sent and not yet acknowledged. */
  get inFlightCount(): number {
    return this.deliveries?.inFlightCount ?? 0;
  }

  /** Deliveries that wait for a place in the in-flight window, for the link, or for the client. */
  get queuedCount(): number {
    return this.deliveries?.queuedCount ?? 0;
  }

  /** Bytes of what waits, payload and properties; of what is in flight too where it is kept. */
  get queuedBytes(): number {
    return this.deliveries?.bytes ?? 0;
  }

  /** What its connection has carried; null where that is not known, or there is none. */
  get traffic(): Traffic | null {
    return this.peer?.outbox.traffic ?? null;
  }

  /** A connection serves the session from now on. */
  attach(peer: Peer): void {
    this.peer = peer;
    this.connectedAt = this.context.clock.now();
    this.disconnectedAt = null;
    this.messagesIn = 0;
    this.messagesOut = 0;
    this.deliveries?.attached();
    this.goOn();
  }

  /** No connection serves it any more. What was to be replayed and must not be lost goes to the queue. */
  detach(): void {
    this.peer = null;
    this.disconnectedAt = this.context.clock.now();
    this.deliveries?.detached();
    if (this.durable) this.replays?.finish();
    if (!this.options.window) this.replays = null;
  }

  /** Sends the message through the subscription, or queues it. True unless it was dropped or held back. */
  deliver(frames: SharedFrames, matched: Subscription, isReplay: boolean): boolean {
    const { message } = frames;
    const subscription = matched.forOwn !== matched && message.publisher === this.clientId ? matched.forOwn : matched;
    if (this.isClosed || subscription === null) return false;
    const retain = isReplay || (subscription.retainAsPublished && message.retain);
    const { peer } = this;
    let qos = message.qos < subscription.qos ? message.qos : subscription.qos;
    if (peer !== null && qos > peer.format.maximumQos) qos = peer.format.maximumQos;
    if (qos === 0) {
      if (peer !== null)
        return this.send(frames.get(peer.format, shapeOf(0, retain), subscription.variant), 0, message);
      const { window = null } = this.options;
      if (window !== null) return window.keep(frames, retain);
      if (!this.context.limits.queueQos0) return false;
    }
    this.deliveries ??= new VolatileDeliveries(this, this.context, peer as Peer);
    return this.deliveries.accept(frames, { message, qos, retain, subscription });
  }

  /** Sends retained messages through a new subscription, as fast as the client takes them. */
  replay(subscription: Subscription, messages: Iterable<Message | null>): void {
    this.replays ??= new Replay(this, this.context);
    this.replays.add(subscription, messages);
  }

  /** Nothing waits: neither for the link nor for an acknowledgement. */
  get hasRoom(): boolean {
    return !this.isClosed && this.peer?.outbox.hasRoom === true && this.deliveries?.hasRoom !== false;
  }

  /** A QoS 1 or 2 message would be kept: its limits are not reached. */
  canTake(message: Message): boolean {
    return this.deliveries?.canTake(message) ?? true;
  }

  /** The link has room again. */
  drained(): void {
    this.deliveries?.pump();
    this.goOn();
  }

  /** Goes on with what is replayed. */
  goOn(): void {
    this.replays?.go();
  }

  /** PUBACK. False when the packet id is not in flight. */
  acknowledged(packetId: number): boolean {
    return this.deliveries?.acknowledged(packetId) === true;
  }

  /** PUBREC: the peer is told to release the packet id. False when it is not in flight. */
  received(packetId: number): boolean {
    return this.deliveries?.received(packetId) === true;
  }

  /** PUBREC with a refusal. False when the packet id is not in flight. */
  refused(packetId: number): boolean {
    return this.deliveries?.refused(packetId) === true;
  }

  /** PUBCOMP. False when the packet id is not in flight. */
  completed(packetId: number): boolean {
    return this.deliveries?.completed(packetId) === true;
  }

  /** Removes what waits and may no longer be seen. */
  forgetUnreachable(): void {
    this.deliveries?.forgetUnreachable();
    const maySee = readableBy(this.grants);
    this.peer?.outbox.takeBack(maySee);
    this.options.window?.forgetUnreachable(maySee);
  }

  /** What waited or was in flight when the session ended with its connection. */
  get leftBehind(): VolatileDeliveries | null {
    return this.deliveries instanceof VolatileDeliveries ? this.deliveries : null;
  }

  /**
   * Remembers that a QoS 2 publish has been taken [MQTT-4.3.3-2]; resolves when that, and what it waits for itself,
   * would survive a crash.
   */
  keepPacketId(packetId: number, published: Promise<void> | null): Promise<void> | null {
    const { store } = this.context.log;
    if (this.durable) store.keepPacketId(this.durable.id, packetId);
    const kept = this.durable ? allOf(published, store.committed()) : published;
    this.packetIds ??= new Map();
    this.packetIds.set(packetId, kept);
    return kept;
  }

  /** Its PUBREC may be sent at once from now on. */
  packetIdKept(packetId: number): void {
    if (this.packetIds?.has(packetId)) this.packetIds.set(packetId, null);
  }

  /** Forgets the packet id. False when it was not known. */
  removePacketId(packetId: number): boolean {
    if (this.packetIds?.delete(packetId) !== true) return false;
    if (this.durable) this.context.log.store.removePacketId(this.durable.id, packetId);
    return true;
  }

  /**
   * Runs it once what was changed of this session would survive a crash, unless the connection has ended by then. At once
   * where nothing is kept.
   */
  whenCommitted(run: () => void): void {
    const committed = this.durable ? this.context.log.store.committed() : null;
    if (!committed) return run();
    const { peer } = this;
    const mayRun = () => peer !== null && this.peer === peer;
    committed
      .then(
        () => mayRun() && run(),
        () => mayRun() && peer?.end('unavailable'),
      )
      .catch((error: unknown) => this.context.report(error, `session of ${this.clientId}`));
  }

  /** Hands the frame to the link, unless its wire cannot say it or it is larger than the client takes. */
  send(frame: Frame | null, packetId: number, message: Message): boolean {
    const { peer } = this;
    if (peer === null || frame === null || frame.length > peer.maximumPacketBytes) return this.drop();
    const { counters } = this.context;
    counters.messagesSent++;
    counters.payloadBytesSent += payloadBytes(message);
    this.messagesOut++;
    peer.outbox.push(frame, packetId);
    return true;
  }

  /** Counts a delivery that is lost. */
  drop(): false {
    this.dropped++;
    this.context.counters.dropped++;
    return false;
  }
}
