import { isValidTopic, splitSharedFilter, type CompiledPolicy } from '@perch/policy';
import type { BrokerOptions } from './broker-options.js';
import { Counters } from './counters.js';
import type { BrokerObserver, CloseReason, RefusedEvent } from './events.js';
import { SharedFrames } from './frame.js';
import { KeepAlive } from './keep-alive.js';
import { defaultLimits, type Limits } from './limits.js';
import type { Message } from './message.js';
import type { Authenticator } from './ports/authenticator.js';
import type { Clock, StopTimer } from './ports/clock.js';
import { MemoryRetainedStore } from './ports/memory-retained-store.js';
import { PresenceRegistry, type PresenceEntry } from './presence/presence-registry.js';
import type { StatisticsSource } from './presence/statistics.js';
import { SystemTopics } from './presence/system-topics.js';
import type { Publisher, Receipt } from './receipt.js';
import type { Refusal } from './refusal.js';
import { RetainedKeeper } from './retained-keeper.js';
import { regrant, type LostSubscription } from './access/regrant.js';
import { Session, type SessionOptions } from './session.js';
import { SessionRegistry } from './session-registry.js';
import { Subscription, type SubscriptionRequest } from './subscription.js';
import { SystemClock } from './system-clock.js';
import { MatchCache, type Receivers } from './topics/match-cache.js';
import { SubscriptionIndex } from './topics/subscription-index.js';

/** A link and its protocol, from accept to close. */
export interface Connection {
  /** Tells the peer why, as far as its protocol can, and ends the link. */
  end(refusal: Refusal): void;
}

/** The broker: one topic space, one policy, whatever the protocol of a link. */
export class Broker {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly counters = new Counters();
  readonly presence: PresenceRegistry;
  readonly retained: RetainedKeeper;
  readonly sessions: SessionRegistry;
  readonly keepAlive: KeepAlive;
  readonly authenticator: Authenticator;
  readonly startedAt: number;
  readonly report: (error: unknown, what: string) => void;
  policy: CompiledPolicy;
  private readonly observers: BrokerObserver[] = [];
  private readonly subscriptions = new SubscriptionIndex();
  private readonly matches: MatchCache;
  private readonly system: SystemTopics;
  private readonly connections = new Set<Connection>();
  private readonly receipt: Receipt = { refusal: null, ruleId: null, delivered: 0, durable: null };
  private isClosing = false;
  private stopStatistics: StopTimer | null = null;

  constructor(options: BrokerOptions) {
    const nodeName = options.nodeName ?? 'perch';
    this.clock = options.clock ?? new SystemClock();
    this.limits = { ...defaultLimits, ...options.limits };
    this.authenticator = options.authenticator;
    this.policy = options.policy;
    this.report = options.report ?? (() => undefined);
    this.startedAt = this.clock.now();
    this.matches = new MatchCache(this.subscriptions, this.limits);
    this.presence = new PresenceRegistry(this.limits.offlineClients, options.forgotten ?? (() => undefined));
    this.keepAlive = new KeepAlive(this.clock);
    this.retained = new RetainedKeeper({
      store: options.retainedStore ?? new MemoryRetainedStore(),
      clock: this.clock,
      limits: this.limits,
      report: (error) => this.report(error, 'retained message not kept'),
    });
    this.system = new SystemTopics({
      clock: this.clock,
      presence: this.presence,
      statistics: this.statisticsSource(options.version ?? '0.0.0'),
      publish: (topic, build) => this.publishSystem(topic, build),
    });
    this.sessions = new SessionRegistry({
      clock: this.clock,
      counters: this.counters,
      presence: this.presence,
      observers: this.observers,
      nodeName,
      announce: (entry: PresenceEntry) => this.system.announce(entry),
    });
  }

  /** Loads the retained messages and begins to publish statistics. Accept links after it. */
  async start(): Promise<void> {
    await this.retained.load();
    this.stopStatistics = this.system.start();
  }

  /** Tells every client that the server goes down, waits for what must be durable, and frees everything. */
  async close(): Promise<void> {
    this.isClosing = true;
    this.stopStatistics?.();
    for (const connection of [...this.connections]) connection.end('server-shutting-down');
    this.keepAlive.stop();
    await this.retained.close();
  }

  /** Adds somebody who wants to know what happens. */
  observe(observer: BrokerObserver): void {
    this.observers.push(observer);
  }

  /** Counts a new link in; a refusal when it may not stay. Call `unlink` when it has closed. */
  link(connection: Connection): Refusal | null {
    if (this.isClosing) return 'server-shutting-down';
    if (this.connections.size >= this.limits.connections) return 'server-busy';
    this.connections.add(connection);
    this.counters.linksOpened++;
    return null;
  }

  unlink(connection: Connection): void {
    if (this.connections.delete(connection)) this.counters.linksClosed++;
  }

  /** Makes the session of a client that was let in, ending whoever had its client id. */
  open(options: SessionOptions): Session {
    const session = new Session(options, this);
    this.sessions.open(session);
    return session;
  }

  /** Ends a session: subscriptions go, its will is published unless the client took its leave [MQTT-3.1.2-8]. */
  closeSession(session: Session, reason: CloseReason): void {
    if (!this.sessions.close(session, reason)) return;
    for (const subscription of session.subscriptions.values()) this.remove(subscription);
    session.subscriptions.clear();
    this.passOnShares(session);
    if (session.will && reason !== 'client-disconnected') this.publishWill(session, session.will);
  }

  /** Takes a message: judged, kept if it is to be retained, sent to whoever is subscribed. */
  publish(publisher: Publisher, message: Message): Receipt {
    const { receipt, counters } = this;
    counters.messagesReceived++;
    counters.payloadBytesReceived += message.payload.length;
    if (!isValidTopic(message.topic) || isTooDeep(message.topic, this.limits.topicLevels)) {
      return this.refuse('invalid-topic', null);
    }
    const verdict = publisher.grants.publish(message.topic);
    if (!verdict.allowed) return this.refuse('not-authorized', verdict.ruleId);
    if (message.retain && !this.retained.hasRoomFor(message)) return this.refuse('quota-exceeded', null);
    const durable = message.retain ? this.keep(message) : null;
    const delivered = this.fanOut(message, this.matches.receivers(message.topic));
    receipt.refusal = null;
    receipt.ruleId = null;
    receipt.delivered = delivered;
    receipt.durable = durable;
    return receipt;
  }

  /** Grants a subscription, new or changed [MQTT-3.8.4-3], or says why not. */
  subscribe(session: Session, request: SubscriptionRequest): Subscription | Refusal {
    const { filter } = request;
    const refusal = this.subscribeFault(session, filter);
    const verdict = refusal ? null : session.grants.subscribe(filter);
    if (!verdict?.allowed) {
      const event = { refusal: refusal ?? 'not-authorized', ruleId: verdict?.ruleId ?? null };
      this.refused(session, { ...event, action: 'subscribe', topic: filter });
      return event.refusal;
    }
    const former = session.subscriptions.get(filter);
    if (former) this.remove(former);
    const subscription = new Subscription(session, request, verdict);
    session.subscriptions.set(filter, subscription);
    this.subscriptions.add(subscription);
    this.matches.changed(subscription.topicFilter);
    this.counters.subscribes++;
    for (const observer of this.observers) observer.subscribed?.(subscription);
    return subscription;
  }

  /** Sends the subscription what its filter matches of the retained messages and of `$SYS`. */
  replay(subscription: Subscription): void {
    const { session, filter } = subscription;
    if (subscription.share !== null) return; // [MQTT5 3.8.4] retained messages are not for shared subscriptions
    const isSystem = filter.startsWith('$SYS/'); // where nobody else may publish
    session.replay(subscription, isSystem ? this.system.match(filter) : this.retained.search(filter));
  }

  /** Ends a subscription. False when there is none. */
  unsubscribe(session: Session, filter: string): boolean {
    const subscription = session.subscriptions.get(filter);
    if (!subscription) return false;
    session.subscriptions.delete(filter);
    this.remove(subscription);
    this.counters.unsubscribes++;
    return true;
  }

  /** Puts every client under a new policy: exactly what it takes away is gone when this returns. */
  setPolicy(policy: CompiledPolicy): LostSubscription[] {
    this.policy = policy;
    const now = this.clock.now();
    const all: LostSubscription[] = [];
    for (const session of this.sessions) {
      if (!session.options.isClient) continue;
      const { lost, narrowed } = regrant(session, policy.grantsFor(session.identity, now));
      for (const subscription of narrowed) this.matches.changed(subscription.topicFilter);
      for (const { subscription, ruleId } of lost) {
        this.unsubscribe(session, subscription.filter);
        all.push({ clientId: session.clientId, filter: subscription.filter, ruleId });
      }
      if (lost.length + narrowed.length > 0) session.forgetUnreachable();
      if (lost.length > 0) session.peer.revoked(lost.map(({ subscription }) => subscription.filter));
    }
    return all;
  }

  /** Ends a client's connection. False when it is not online. */
  disconnect(clientId: string, refusal: Refusal = 'administrative-action'): boolean {
    const session = this.sessions.get(clientId);
    session?.peer.end(refusal);
    return session !== undefined;
  }

  /** Ends every connection of a user; returns how many there were. */
  disconnectUser(username: string, refusal: Refusal = 'administrative-action'): number {
    const sessions = [...this.sessions].filter((s) => s.options.isClient && s.identity.username === username);
    for (const session of sessions) session.peer.end(refusal);
    return sessions.length;
  }

  /** Counts a refusal and tells the observers whom and what it met. */
  refused(session: Session | null, event: Pick<RefusedEvent, 'refusal' | 'action' | 'topic' | 'ruleId'>): void {
    this.counters.refuse(event.refusal);
    const { clientId = null, username = null, address = null } = session?.identity ?? {};
    for (const observer of this.observers) observer.refused?.({ ...event, clientId, username, address });
  }

  /** Counts a refused CONNECT and tells the observers. */
  refusedConnect(event: Omit<RefusedEvent, 'action' | 'ruleId'>): void {
    this.counters.refuse(event.refusal);
    const action = event.topic === null ? 'connect' : 'will';
    for (const observer of this.observers) observer.refused?.({ ...event, action, ruleId: null });
  }

  private subscribeFault(session: Session, filter: string): Refusal | null {
    if (splitSharedFilter(filter) === null || isTooDeep(filter, this.limits.topicLevels)) return 'invalid-filter';
    const isFull = session.subscriptions.size >= this.limits.subscriptionsPerSession;
    return isFull && !session.subscriptions.has(filter) ? 'quota-exceeded' : null;
  }

  private fanOut(message: Message, { deliveries, groups }: Receivers): number {
    if (deliveries.length === 0 && groups.length === 0) return 0;
    const frames = new SharedFrames(message, this.clock.now());
    let delivered = 0;
    for (const subscription of deliveries) if (subscription.session.deliver(frames, subscription, false)) delivered++;
    for (const group of groups) if (group.deliver(frames)) delivered++;
    return delivered;
  }

  /** Presence has a topic per client: matched afresh, so that it does not crowd out what the cache is for. */
  private publishSystem(topic: string, build: () => Message): void {
    const receivers = this.matches.find(topic);
    if (receivers.deliveries.length + receivers.groups.length > 0) this.fanOut(build(), receivers);
  }

  /** What a member of a shared group leaves unacknowledged goes to another one [MQTT-4.8.2-4]. */
  private passOnShares(session: Session): void {
    const now = this.clock.now();
    for (const { message, subscription } of session.unacknowledgedShares()) {
      if (message.expiresAt !== null && message.expiresAt <= now) continue; // [MQTT-3.3.2-5]
      this.subscriptions.groupNamed(subscription.filter)?.deliver(new SharedFrames(message, now));
    }
  }

  private publishWill(session: Session, will: Message): void {
    session.will = null;
    const receivedAt = this.clock.now();
    // [MQTT5 3.1.3.2.4] its lifetime begins when it is published
    const expiresAt = will.expiresAt === null ? null : receivedAt + will.expiresAt - will.receivedAt;
    const { refusal, ruleId, durable } = this.publish(session, { ...will, receivedAt, expiresAt });
    if (refusal) this.refused(session, { refusal, action: 'will', topic: will.topic, ruleId });
    durable?.catch((error: unknown) => this.report(error, 'retained will not kept'));
  }

  /** The promise of what must be durable before an acknowledgement; QoS 0 waits for nothing. */
  private keep(message: Message): Promise<void> | null {
    const kept = this.retained.keep(message);
    if (message.qos > 0) return kept;
    kept.catch((error: unknown) => this.report(error, 'retained message not kept'));
    return null;
  }

  private refuse(refusal: Refusal, ruleId: string | null): Receipt {
    const { receipt } = this;
    receipt.refusal = refusal;
    receipt.ruleId = ruleId;
    receipt.delivered = 0;
    receipt.durable = null;
    return receipt;
  }

  private remove(subscription: Subscription): void {
    this.subscriptions.remove(subscription);
    this.matches.changed(subscription.topicFilter);
    for (const observer of this.observers) observer.unsubscribed?.(subscription);
  }

  private statisticsSource(version: string): StatisticsSource {
    return {
      version,
      startedAt: this.startedAt,
      counters: this.counters,
      clientsOnline: () => this.presence.onlineCount,
      clientsOffline: () => this.presence.offlineCount,
      clientsMaximum: () => this.presence.maximumOnline,
      subscriptions: () => this.subscriptions.size,
      retained: () => this.retained.size,
      retainedBytes: () => this.retained.index.bytes,
    };
  }
}

/** True when the topic or filter has more levels than the bound allows. */
function isTooDeep(topic: string, limitLevels: number): boolean {
  let levels = 1;
  for (let at = topic.indexOf('/'); at >= 0; at = topic.indexOf('/', at + 1)) levels++;
  return levels > limitLevels;
}
