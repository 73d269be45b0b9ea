import type { Counters } from './counters.js';
import type { BrokerObserver, CloseReason } from './events.js';
import type { Clock } from './ports/clock.js';
import type { PresenceEntry, PresenceRegistry } from './presence/presence-registry.js';
import type { Session } from './session.js';

/** What a registry needs. */
export interface SessionRegistryOptions {
  readonly clock: Clock;
  readonly counters: Counters;
  readonly presence: PresenceRegistry;
  readonly observers: readonly BrokerObserver[];
  readonly nodeName: string;
  /** Announces a presence event under `$SYS`. */
  readonly announce: (entry: PresenceEntry) => void;
}

/** The sessions of this node, one per client id. */
export class SessionRegistry {
  private readonly byClientId = new Map<string, Session>();

  constructor(private readonly options: SessionRegistryOptions) {}

  get size(): number {
    return this.byClientId.size;
  }

  get(clientId: string): Session | undefined {
    return this.byClientId.get(clientId);
  }

  [Symbol.iterator](): IterableIterator<Session> {
    return this.byClientId.values();
  }

  /** Lets the session in. Whoever had its client id is ended first [MQTT-3.1.4-3]. */
  open(session: Session): void {
    this.byClientId.get(session.clientId)?.peer.end('session-taken-over');
    this.byClientId.set(session.clientId, session);
    if (!session.options.isClient) return;
    this.options.counters.connects++;
    this.announce(session, null);
    for (const observer of this.options.observers) observer.opened?.(session);
  }

  /** Takes the session out. False when it was out already. */
  close(session: Session, reason: CloseReason): boolean {
    if (session.isClosed) return false;
    session.isClosed = true;
    if (this.byClientId.get(session.clientId) === session) this.byClientId.delete(session.clientId);
    if (!session.options.isClient) return true;
    this.options.counters.disconnects++;
    this.announce(session, reason);
    for (const observer of this.options.observers) observer.closed?.(session, reason);
    return true;
  }

  private announce(session: Session, reason: CloseReason | null): void {
    const now = this.options.clock.now();
    const entry = this.options.presence.record({
      clientId: session.clientId,
      online: reason === null,
      since: now,
      username: session.identity.username,
      address: session.identity.address,
      protocol: session.options.protocol,
      node: this.options.nodeName,
      reason,
      connectedForMs: reason === null ? null : now - session.connectedAt,
    });
    this.options.announce(entry);
  }
}
