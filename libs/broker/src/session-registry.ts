import { admitted, userKey } from './access/admitted.js';
import type { ConnectionEnds } from './access/connection-ends.js';
import type { Admission } from './admission/admission.js';
import type { DurableDeliveries } from './durable-deliveries.js';
import type { BrokerObserver, CloseReason } from './events.js';
import { newDurableState } from './new-durable-state.js';
import { passOnShares } from './pass-on-shares.js';
import type { Principal } from './ports/authenticator.js';
import type { RestoredSession, StoredDelivery } from './ports/session-store.js';
import type { PresenceEntry, PresenceRegistry } from './presence/presence-registry.js';
import type { Refusal } from './refusal.js';
import { Session, type Peer, type SessionContext, type SessionOptions } from './session.js';
import { FOR_EVER, SessionDeadlines } from './session-deadlines.js';
import { storedSession } from './stored-session.js';

/** What a registry needs. */
export interface SessionRegistryOptions {
  readonly context: SessionContext;
  readonly admission: Admission;
  readonly ends: ConnectionEnds;
  readonly presence: PresenceRegistry;
  readonly observers: readonly BrokerObserver[];
  readonly nodeName: string;
  /** Announces a presence event under `$SYS`; with the time at which the session of a client that was away ended. */
  readonly announce: (entry: PresenceEntry, sessionEndedAt?: number) => void;
  /** The session has ended: takes its subscriptions away. */
  readonly ended: (session: Session) => void;
  /** Publishes the will of the session and forgets it. */
  readonly publishWill: (session: Session) => void;
  /** Gives what a session that has ended still had of a shared subscription to another member. */
  readonly passOn: (delivery: StoredDelivery) => void;
}

/** What came of a client's wish to connect. */
export interface Opening {
  readonly session: Session;
  /** There was a session, and it goes on [MQTT-3.2.2-2]. */
  readonly isPresent: boolean;
  /** Resolves when the client may be told; null: at once. Rejects when the session could not be kept. */
  readonly ready: Promise<void> | null;
  readonly peer: Peer;
}

/** The sessions of this node, one per client id: those that are online, and the durable ones that are not. */
export class SessionRegistry {
  private readonly byClientId = new Map<string, Session>();
  /** Connections that wait until their session is ready, by client id. */
  private readonly entering = new Map<string, Peer>();
  /** Clients whose session has ended, until that would survive a crash. */
  private readonly ending = new Map<string, Promise<void>>();
  private readonly deadlines: SessionDeadlines;
  /** Restored, but over. */
  private readonly outdated: Session[] = [];
  private durableCount = 0;

  constructor(private readonly options: SessionRegistryOptions) {
    this.deadlines = new SessionDeadlines({
      clock: options.context.clock,
      willDue: (session) => this.willDue(session),
      expired: (session) => this.expired(session),
    });
  }

  get size(): number {
    return this.byClientId.size;
  }

  /** Durable sessions, online or not. */
  get durable(): number {
    return this.durableCount;
  }

  get(clientId: string): Session | undefined {
    return this.byClientId.get(clientId);
  }

  [Symbol.iterator](): IterableIterator<Session> {
    return this.byClientId.values();
  }

  /** The connection that serves the session, or will when it is ready. */
  connectionOf(session: Session): Peer | null {
    return session.peer ?? this.entering.get(session.clientId) ?? null;
  }

  /** Finds or makes the session of a client. Whoever has its client id is ended first [MQTT-3.1.4-2]. */
  open(options: SessionOptions): Opening | Refusal {
    const { clientId } = options.identity;
    if (options.validUntil !== null && options.validUntil <= this.options.context.clock.now())
      return 'authorization-expired';
    if (!this.hasRoomFor(options)) return 'quota-exceeded';
    this.endOthers(clientId);
    const former = this.byClientId.get(clientId);
    const isPresent = former !== undefined && !options.cleanStart && former.options.window === options.window;
    const isNewDurable = !isPresent && isDurable(options);
    if (isNewDurable && this.isFull(former)) return 'quota-exceeded';
    if (former && !isPresent) this.end(former);
    const session = isPresent ? this.resume(former, options) : this.create(options);
    const ready = session.durable || former || this.ending.has(clientId) ? this.keep(session) : null;
    if (ready) this.entering.set(clientId, options.peer);
    this.options.admission.entered(userKey(options));
    return { session, isPresent, ready, peer: options.peer };
  }

  /** Serves the session over its new connection. Call it when `ready` has resolved and the client has been told. */
  begin({ session, peer }: Opening): void {
    const { context, observers } = this.options;
    this.entering.delete(session.clientId);
    session.attach(peer);
    this.options.ends.watch(session);
    if (!session.options.isClient) return;
    context.counters.connects++;
    this.announce(session, null);
    for (const observer of observers) observer.opened?.(session);
  }

  /** The connection ended before the session was ready. */
  abandon({ session, peer }: Opening): void {
    this.options.admission.exited(userKey(session.options));
    const isAnothers = session.peer !== null || (this.entering.get(session.clientId) ?? peer) !== peer;
    if (session.isClosed || isAnothers) return;
    this.entering.delete(session.clientId);
    session.will = null; // nobody was ever told that it was taken
    this.rest(session);
  }

  /**
   * The connection has ended: the will is due unless the client took its leave [MQTT-3.1.2-8]. False when the session is
   * served by another, or by none.
   */
  close(session: Session, peer: Peer, reason: CloseReason): boolean {
    if (session.peer !== peer) return false;
    session.detach();
    const { admission, context, ends, observers } = this.options;
    ends.forget(session);
    admission.exited(userKey(session.options));
    if (session.options.isClient) {
      context.counters.disconnects++;
      this.announce(session, reason);
      for (const observer of observers) observer.closed?.(session, reason);
    }
    if (reason === 'client-disconnected') session.will = null; // [MQTT-3.14.4-3]
    this.rest(session);
    return true;
  }

  /** Whether the client of a session may turn out to be this user: there is room for one more connection of theirs. */
  mayBecome(session: Session, principal: Principal): boolean {
    const { admission } = this.options;
    const who = admitted(principal, session.identity);
    const user = userKey(who);
    return userKey(session.options) === user || admission.hasRoomFor(user, admission.boundOf(who.connectionLimit), 0);
  }

  /** The client of a session is this user from now on, on these terms. */
  become(session: Session, principal: Principal): void {
    const former = userKey(session.options);
    this.change(session, admitted(principal, session.identity));
    this.options.ends.watch(session);
    const user = userKey(session.options);
    if (former === user || !session.isOnline) return;
    this.options.admission.exited(former);
    this.options.admission.entered(user);
    this.announce(session, null);
    for (const observer of this.options.observers) observer.renamed?.(session);
  }

  /** The will of the session is not to be published. */
  dropWill(session: Session): void {
    session.will = null;
    if (session.durable) this.keepLater(session);
  }

  /** Ends a session for good; who serves it is ended first. Resolves when it will not come back after a crash. */
  async purge(session: Session): Promise<void> {
    session.peer?.end('administrative-action');
    if (!session.isClosed) this.end(session);
    await this.options.context.log.store.committed();
  }

  /** Takes in a session of an earlier run, offline. */
  restore(restored: RestoredSession, options: Omit<SessionOptions, 'peer'>): Session {
    const { session: stored, deliveries, packetIds } = restored;
    const { context } = this.options;
    context.log.knows(stored.id);
    const isUncertain = stored.disconnectedAt === null;
    const { id, createdAt, sentSeq } = stored;
    const session = new Session(options, context, { id, createdAt, sentSeq, isUncertain, ...deliveries });
    session.disconnectedAt = stored.disconnectedAt ?? context.clock.now();
    if (packetIds.length > 0) session.packetIds = new Map(packetIds.map((packetId) => [packetId, null]));
    this.durableCount++;
    this.place(session);
    if (isUncertain) context.log.store.keepSession(storedSession(session));
    return session;
  }

  /** Begins to wait for the clients of the restored sessions; those that are over end now. */
  restored(): void {
    const now = this.options.context.clock.now();
    for (const session of [...this.outdated.splice(0), ...this.byClientId.values()]) {
      const since = session.disconnectedAt ?? now;
      const { sessionExpiryInterval } = session;
      const isOver = sessionExpiryInterval !== FOR_EVER && since + sessionExpiryInterval * 1000 <= now;
      if (isOver || this.byClientId.get(session.clientId) !== session) this.expired(session);
      else this.goesOn(session, since);
    }
  }

  /** Waits for nobody any more. */
  stop(): void {
    this.deadlines.stopAll();
  }

  /** Of two sessions of a client the later one counts: the broker ended before the other was gone. */
  private place(session: Session): void {
    const other = this.byClientId.get(session.clientId);
    const isLater = (session.durable?.id ?? 0) > (other?.durable?.id ?? 0);
    if (other) this.outdated.push(isLater ? other : session);
    if (isLater) this.byClientId.set(session.clientId, session);
  }

  private goesOn(session: Session, since: number): void {
    this.options.presence.sessionRestored(session.clientId);
    this.deadlines.start(session, since);
  }

  private change(session: Session, options: Partial<SessionOptions>): void {
    session.options = { ...session.options, ...options };
    if (session.durable) this.keepLater(session);
  }

  private hasRoomFor(options: SessionOptions): boolean {
    const { admission } = this.options;
    const bound = admission.boundOf(options.connectionLimit);
    return bound === Infinity || admission.hasRoomFor(userKey(options), bound, this.endingFor(options));
  }

  private endOthers(clientId: string): void {
    if (this.entering.size > 0) this.entering.get(clientId)?.end('session-taken-over');
    this.byClientId.get(clientId)?.peer?.end('session-taken-over');
  }

  /** Connections of the same user that end when this client comes in. */
  private endingFor(options: SessionOptions): number {
    const { clientId } = options.identity;
    const session = this.byClientId.get(clientId);
    const isOnline = session?.isOnline === true || this.entering.has(clientId);
    return isOnline && session && userKey(session.options) === userKey(options) ? 1 : 0;
  }

  private isFull(former: Session | undefined): boolean {
    return !former?.durable && this.durableCount >= this.options.context.limits.durableSessions;
  }

  private create(options: SessionOptions): Session {
    const { context } = this.options;
    const session = new Session(options, context, isDurable(options) ? newDurableState(context) : null);
    this.byClientId.set(session.clientId, session);
    if (session.durable) this.durableCount++;
    return session;
  }

  private resume(session: Session, options: SessionOptions): Session {
    this.deadlines.stop(session);
    session.options = options;
    session.will = options.will;
    session.sessionExpiryInterval = options.sessionExpiryInterval;
    session.disconnectedAt = null;
    return session;
  }

  private keep(session: Session): Promise<void> | null {
    const { store } = this.options.context.log;
    if (session.durable && !session.isClosed) store.keepSession(storedSession(session));
    return store.committed();
  }

  private keepLater(session: Session): void {
    this.keep(session)?.catch((error: unknown) => this.options.context.report(error, `session of ${session.clientId}`));
  }

  /** Nobody serves the session: it waits for its client, or ends. */
  private rest(session: Session): void {
    if (session.sessionExpiryInterval === 0) return this.end(session);
    session.disconnectedAt ??= this.options.context.clock.now();
    if (session.will && session.options.willDelayInterval === 0) this.options.publishWill(session);
    this.keepLater(session);
    this.deadlines.start(session, session.disconnectedAt);
  }

  private end(session: Session): void {
    session.isClosed = true;
    this.deadlines.stop(session);
    if (this.byClientId.get(session.clientId) === session) this.byClientId.delete(session.clientId);
    if (session.durable) this.durableCount--;
    this.announceEnd(session);
    const hasShares =
      session.queuedCount > 0 && [...session.subscriptions.values()].some(({ share }) => share !== null);
    this.options.ended(session);
    if (session.will) this.options.publishWill(session); // [MQTT5-3.1.2-8] the session ends, so it is due
    if (session.durable && hasShares) this.endSharing(session, session.durable);
    else this.remove(session);
    if (session.durable) this.untilEnded(session);
  }

  /** Nobody may be told that a session is gone while a crash would bring it back. */
  private untilEnded({ clientId }: Session): void {
    const committed = this.options.context.log.store.committed();
    if (!committed) return;
    const forget = () => {
      if (this.ending.get(clientId) === committed) this.ending.delete(clientId);
    };
    this.ending.set(clientId, committed);
    committed.finally(forget).catch((error: unknown) => this.options.context.report(error, `session of ${clientId}`));
  }

  /** [MQTT5 4.8.2] what the client has not acknowledged of shared subscriptions goes to other members */
  private endSharing(session: Session, deliveries: DurableDeliveries): void {
    const { context, passOn } = this.options;
    session.sessionExpiryInterval = 0; // after a crash it ends again
    session.disconnectedAt ??= context.clock.now();
    context.log.store.keepSession(storedSession(session));
    passOnShares(context.log.store, deliveries, passOn)
      .then(() => this.remove(session))
      .catch((error: unknown) => context.report(error, `shares of ${session.clientId}`));
  }

  private remove(session: Session): void {
    if (!session.durable) return;
    this.options.context.log.store.removeSession(session.durable.id);
    session.durable.ended();
  }

  private willDue(session: Session): void {
    this.options.publishWill(session);
    this.keepLater(session);
  }

  private expired(session: Session): void {
    if (session.durable) this.options.context.counters.sessionsExpired++;
    session.sessionExpiryInterval = 0;
    this.rest(session);
  }

  private announceEnd({ clientId }: Session): void {
    const { context, presence, announce } = this.options;
    const entry = presence.sessionEnded(clientId);
    if (entry) announce(entry, context.clock.now());
  }

  private announce(session: Session, reason: CloseReason | null): void {
    const { context, presence, nodeName, announce } = this.options;
    const now = context.clock.now();
    const entry = presence.record({
      clientId: session.clientId,
      online: reason === null,
      hasSession: reason === null || session.sessionExpiryInterval > 0,
      since: reason === null ? session.connectedAt : now,
      username: session.identity.username,
      authenticator: session.options.authenticator,
      address: session.identity.address,
      protocol: session.options.protocol,
      node: nodeName,
      reason,
      connectedForMs: reason === null ? null : now - session.connectedAt,
    });
    announce(entry);
  }
}

/** What it is owed is kept in the store. */
function isDurable({ sessionExpiryInterval, window }: SessionOptions): boolean {
  return sessionExpiryInterval > 0 && !window;
}
