import type { CompiledPolicy } from '@perch/policy';
import { ConnectionEnds } from './access/connection-ends.js';
import { LiveAccess, type Revocation } from './access/live-access.js';
import type { Loss } from './access/regrant.js';
import type { RuleHit } from './access/rule-hits.js';
import { Connections, type Connection } from './admission/connections.js';
import { Agenda } from './agenda.js';
import { AwayRoom } from './away-window.js';
import { BackPressure } from './back-pressure.js';
import type { BrokerOptions } from './broker-options.js';
import { Counters } from './counters.js';
import type { BrokerObserver } from './events.js';
import { Flusher } from './flusher.js';
import { SharedFrames } from './frame.js';
import { KeepAlive } from './keep-alive.js';
import { defaultLimits, type Limits } from './limits.js';
import { payloadBytes, plainMessage, type Message } from './message.js';
import type { Parting } from './parting.js';
import type { Authenticator } from './ports/authenticator.js';
import type { Authorizer } from './ports/authorizer.js';
import type { Clock, StopTimer } from './ports/clock.js';
import { MemoryRetainedStore } from './ports/memory-retained-store.js';
import { MemorySessionStore } from './ports/memory-session-store.js';
import { PresenceRegistry } from './presence/presence-registry.js';
import { statisticsOf } from './presence/statistics-of.js';
import { SystemTopics } from './presence/system-topics.js';
import { publishWill } from './publish-will.js';
import { allOf, newReceipt, type KnownTopic, type Publisher, type Receipt } from './receipt.js';
import type { Refusal } from './refusal.js';
import { RetainedKeeper } from './retained-keeper.js';
import { restoreSessions } from './restore-sessions.js';
import { Refusals } from './refusals.js';
import { Router, type NoRoute } from './router.js';
import type { Session, SessionContext, SessionOptions } from './session.js';
import { SessionLog } from './session-log.js';
import { SessionRegistry, type Opening } from './session-registry.js';
import { storedSubscription } from './stored-session.js';
import { subscribeFault } from './subscribe-fault.js';
import { Subscription, type Grant, type SubscriptionRequest } from './subscription.js';
import { SystemClock } from './system-clock.js';
import { Match, MatchCache, type Receivers } from './topics/match-cache.js';
import { NOTHING } from './topics/retained-index.js';
import { SubscriptionIndex } from './topics/subscription-index.js';
import { Tap } from './topics/tap.js';

const NO_ROOM: NoRoute = { refusal: 'quota-exceeded', ruleId: null, by: null };

/** The broker: one topic space, one policy, whatever the protocol of a link. */
export class Broker {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly counters = new Counters();
  readonly presence: PresenceRegistry;
  readonly retained: RetainedKeeper;
  readonly sessions: SessionRegistry;
  /** What durable sessions are owed. */
  readonly log: SessionLog;
  readonly keepAlive: KeepAlive;
  readonly agenda: Agenda;
  readonly pressure: BackPressure;
  /** What is kept for clients that are to come back soon. */
  readonly away: AwayRoom;
  readonly flusher: Flusher;
  readonly authenticator: Authenticator;
  readonly startedAt: number;
  readonly responseTopicPrefix: string | null;
  readonly serverReference: string | null;
  /** Links that are open only to be told that there is no room. */
  turnedAway = 0;
  readonly report: (error: unknown, what: string) => void;
  policy: CompiledPolicy;
  /** What live sessions may do. */
  readonly access: LiveAccess;
  readonly observers: BrokerObserver[] = [];
  /** Those of them who want to know of subscriptions: most do not, and filters are many. */
  private readonly subscriptionObservers: BrokerObserver[] = [];
  readonly refusals: Refusals;
  readonly subscriptions = new SubscriptionIndex();
  private readonly matches: MatchCache;
  private readonly router: Router;
  private readonly system: SystemTopics;
  private readonly connections: Connections;
  private readonly receipt = newReceipt();
  private stopStatistics: StopTimer | null = null;

  constructor(options: BrokerOptions) {
    this.clock = options.clock ?? new SystemClock();
    this.limits = { ...defaultLimits, ...options.limits };
    this.authenticator = options.authenticator;
    this.policy = options.policy;
    this.report = options.report ?? (() => undefined);
    this.startedAt = this.clock.now();
    this.responseTopicPrefix = options.responseTopicPrefix ?? null;
    this.serverReference = options.serverReference ?? null;
    this.away = new AwayRoom(this.limits);
    this.connections = new Connections(this);
    this.log = new SessionLog(options.sessionStore ?? new MemorySessionStore(), this.limits);
    this.presence = new PresenceRegistry(this.limits.offlineClients, options.forgotten ?? (() => undefined));
    this.keepAlive = new KeepAlive(this.clock);
    this.pressure = new BackPressure(this.clock, this.limits);
    this.flusher = new Flusher(this.clock, this.report);
    this.retained = new RetainedKeeper({
      store: options.retainedStore ?? new MemoryRetainedStore(),
      clock: this.clock,
      limits: this.limits,
      report: (error) => this.report(error, 'retained message not kept'),
    });
    this.refusals = new Refusals(this, options);
    this.matches = new MatchCache(this.subscriptions, this.limits, this.refusals);
    this.agenda = new Agenda(this.clock, this.report);
    this.system = new SystemTopics({
      clock: this.clock,
      presence: this.presence,
      statistics: statisticsOf(this, options.version ?? '0.0.0'),
      isHeard: () => this.subscriptions.reachesSystem,
      publish: (topic, build) => this.publishSystem(topic, build),
    });
    this.sessions = this.newRegistry(options.nodeName ?? 'perch');
    this.access = new LiveAccess(this, options.authorizer ?? null);
    this.router = new Router(this.matches, this.limits, this.access.hits);
  }

  /** Loads the retained messages and the durable sessions, and begins to publish statistics. Accept links after it. */
  async start(): Promise<void> {
    await this.retained.load();
    await restoreSessions(this);
    this.stopStatistics = this.system.start();
  }

  /** Tells every client that the server goes down, waits for what must be durable, and frees everything. */
  async close(): Promise<void> {
    this.stopStatistics?.();
    this.connections.endAll('server-shutting-down');
    this.keepAlive.stop();
    this.pressure.stop();
    this.sessions.stop();
    this.agenda.stop();
    await Promise.all([this.retained.close(), this.log.store.close()]);
  }

  /** Adds somebody who wants to know what happens. */
  observe(observer: BrokerObserver): void {
    this.observers.push(observer);
    if (observer.subscribed || observer.unsubscribed) this.subscriptionObservers.push(observer);
  }

  /** Counts a new link in; a refusal when it may not stay. Call `unlink` when it has closed. */
  link(connection: Connection): Refusal | null {
    return this.connections.add(connection);
  }

  unlink(connection: Connection): void {
    this.connections.remove(connection);
  }

  /** Finds or makes the session of a client that was let in, ending whoever had its client id. */
  open(options: SessionOptions): Opening | Refusal {
    const opening = this.sessions.open(options);
    if (typeof opening === 'string') return opening;
    if (opening.isPresent) this.access.putUnder(opening.session, options.grants);
    this.access.opened(opening.session);
    return opening;
  }

  /** Takes a message: judged, kept if it is to be retained, sent to whoever is subscribed. */
  publish(publisher: Publisher, message: Message, known: KnownTopic | null = null): Receipt {
    const { receipt, counters } = this;
    counters.messagesReceived++;
    counters.payloadBytesReceived += payloadBytes(message);
    const match = this.router.find(publisher, message.topic, known);
    if (!(match instanceof Match)) return this.refuse(match);
    const { receivers } = match;
    if (this.isFull(message, receivers)) return this.refuse(NO_ROOM);
    const kept = message.retain ? this.keep(message) : null;
    receipt.delivered = this.fanOut(message, receivers);
    receipt.refusal = null;
    receipt.ruleId = null;
    receipt.strains = this.pressure.isFelt ? this.pressure.strainsOf(receivers, publisher) : null;
    receipt.durable = message.qos > 0 && receipt.copies ? allOf(kept, this.log.store.committed()) : kept;
    if (message.retain) receipt.copies = null;
    return receipt;
  }

  /** Grants a subscription, new or changed [MQTT-3.8.4-3], or says why not. */
  subscribe(session: Session, request: SubscriptionRequest): Subscription | Refusal {
    const verdict = this.judge(session, request.filter);
    return typeof verdict === 'string' ? verdict : this.grant(session, request, verdict);
  }

  /**
   * What access control says to a subscription that has not been granted yet; so many others are to end for it. A refusal
   * is counted and told.
   */
  judge(session: Session, filter: string, ending = 0): Grant | Refusal {
    const refusal = subscribeFault(session, filter, { limits: this.limits, ending });
    const verdict = refusal ? null : session.grants.subscribe(filter);
    if (verdict) this.access.hits.of(verdict).hits++;
    if (verdict?.allowed) return verdict;
    const event = { refusal: refusal ?? 'not-authorized', ruleId: verdict?.ruleId ?? null, by: verdict?.by ?? null };
    this.refusals.of(session, { ...event, action: 'subscribe', topic: filter });
    return event.refusal;
  }

  /** Makes a subscription of what was judged so just now. */
  grant(session: Session, request: SubscriptionRequest, verdict: Grant): Subscription {
    const subscription = this.add(session, request, verdict);
    if (session.durable) this.log.store.keepSubscription(session.durable.id, storedSubscription(subscription));
    this.counters.subscribes++;
    return subscription;
  }

  /** Puts a subscription that was granted into the index, in place of one with the same filter. */
  add(session: Session, request: Omit<SubscriptionRequest, 'retainHandling'>, grant: Grant): Subscription {
    const former = session.subscriptions.get(request.filter);
    if (former) this.remove(former);
    const subscription = new Subscription(session, request, grant);
    session.subscribed(subscription);
    this.subscriptions.add(subscription);
    if (session.options.isClient) this.subscriptions.ofClients++;
    this.matches.change(subscription.topicFilter);
    for (const observer of this.subscriptionObservers) observer.subscribed?.(subscription);
    return subscription;
  }

  /** Sends the subscription what its filter matches of the retained messages and of `$SYS`. */
  replay(subscription: Subscription): void {
    const { session, filter } = subscription;
    if (subscription.share !== null) return; // [MQTT5 3.8.4] retained messages are not for shared subscriptions
    const isSystem = filter.startsWith('$SYS/'); // where nobody else may publish
    const messages = isSystem ? this.system.match(filter) : this.retained.search(filter);
    if (messages !== NOTHING) session.replay(subscription, messages);
  }

  /** Ends a subscription. False when there is none. */
  unsubscribe(session: Session, filter: string): boolean {
    const subscription = session.subscriptions.get(filter);
    if (!subscription) return false;
    session.unsubscribed(filter);
    this.remove(subscription);
    if (session.durable) this.log.store.removeSubscription(session.durable.id, filter);
    this.counters.unsubscribes++;
    return true;
  }

  /**
   * Shows each message that the filter matches to somebody who is no subscriber, within its publish; returns how to end
   * that. `see` does little, never throws, and copies what it keeps.
   */
  watch(filter: string, see: (message: Message) => void): () => void {
    const tap = new Tap(filter, see);
    this.subscriptions.watch(tap);
    this.matches.change(filter);
    return () => {
      this.subscriptions.unwatch(tap);
      this.matches.change(filter);
    };
  }

  /** Puts every client under a new policy: exactly what it takes away is gone when this returns. */
  setPolicy(policy: CompiledPolicy, revocation?: Revocation): Loss[] {
    return this.access.setPolicy(policy, revocation);
  }

  /**
   * Has this authorizer asked from now on, or nobody; for the same one again: what it has said is asked about anew. What
   * was said before counts meanwhile. Resolves, when everybody has been asked about, to what was lost.
   */
  setAuthorizer(authorizer: Authorizer | null): Promise<readonly Loss[]> {
    return this.access.setAuthorizer(authorizer);
  }

  /** How often each rule has decided since the last call; rules that have not are left out. */
  takeHits(): Map<string, RuleHit> {
    return this.access.hits.take(this.clock.now());
  }

  /** Ends a client's connection. False when it is not online. */
  disconnect(clientId: string, refusal: Refusal = 'administrative-action', parting?: Parting): boolean {
    const peer = this.sessions.get(clientId)?.peer;
    peer?.end(refusal, parting);
    return Boolean(peer);
  }

  /** The subscription excludes other topics than before. */
  exclusionsChanged({ topicFilter }: Subscription): void {
    this.matches.change(topicFilter);
  }

  /** True when there is no place for the message: as a retained value, in the store, or (where it counts) in a queue. */
  private isFull(message: Message, { deliveries, isDurable }: Receivers): boolean {
    if (message.retain && !this.retained.hasRoomFor(message)) return true;
    if (message.qos === 0 || !isDurable) return false;
    if (!this.log.store.hasRoom) return true;
    return (
      this.limits.whenQueueFull === 'refuse' &&
      deliveries.some(({ session, qos }) => qos > 0 && session.durable?.canTake(message) === false)
    );
  }

  private fanOut(message: Message, { deliveries, groups }: Receivers): number {
    this.receipt.copies = null;
    if (deliveries.length === 0 && groups.length === 0) return 0;
    const frames = new SharedFrames(message, message.receivedAt, this.report);
    let delivered = 0;
    for (const subscription of deliveries) if (subscription.session.deliver(frames, subscription, false)) delivered++;
    for (const group of groups) if (group.deliver(frames)) delivered++;
    this.receipt.copies = frames.copies;
    return delivered;
  }

  private newRegistry(nodeName: string): SessionRegistry {
    return new SessionRegistry({
      context: this satisfies SessionContext,
      admission: this.connections.admission,
      ends: new ConnectionEnds(this.agenda),
      presence: this.presence,
      observers: this.observers,
      nodeName,
      announce: (entry, sessionEndedAt) => this.system.announce(entry, sessionEndedAt),
      ended: (session) => this.sessionEnded(session),
      publishWill: (session) => publishWill(this, session),
      passOn: ({ message, share }) => this.passOn(message, share as string),
    });
  }

  /** Presence has a topic per client: matched afresh, so that it does not crowd out what the cache is for. */
  private publishSystem(topic: string, build: () => Message): void {
    const receivers = this.matches.find(topic);
    if (receivers.deliveries.length + receivers.groups.length > 0) this.fanOut(build(), receivers);
  }

  private sessionEnded(session: Session): void {
    this.access.closed(session);
    session.options.window?.end();
    for (const subscription of session.unsubscribedAll()) this.remove(subscription);
    for (const { message, subscription } of session.leftBehind?.unacknowledgedShares() ?? []) {
      this.passOn(message, subscription.filter);
    }
  }

  /** What a member of a shared group leaves unacknowledged goes to another one [MQTT5 4.8.2]. */
  private passOn(message: Message, share: string): void {
    const now = this.clock.now();
    if (message.expiresAt !== null && message.expiresAt <= now) return; // [MQTT5-3.3.2-5]
    this.subscriptions.groupNamed(share)?.deliver(new SharedFrames(message, now, this.report));
  }

  /** The promise of what must be durable before an acknowledgement; QoS 0 waits for nothing. */
  private keep(message: Message): Promise<void> | null {
    const kept = this.retained.keep(plainMessage(message));
    if (message.qos > 0) return kept;
    kept.catch((error: unknown) => this.report(error, 'retained message not kept'));
    return null;
  }

  private refuse({ refusal, ruleId, by, question = null }: NoRoute): Receipt {
    return Object.assign(this.receipt, newReceipt(), { refusal, ruleId, by, question });
  }

  private remove(subscription: Subscription): void {
    this.subscriptions.remove(subscription);
    if (subscription.session.options.isClient) this.subscriptions.ofClients--;
    this.matches.change(subscription.topicFilter);
    for (const observer of this.subscriptionObservers) observer.unsubscribed?.(subscription);
  }
}
