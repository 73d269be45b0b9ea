import { Injectable } from '@nestjs/common';
import { Broker, type PresenceEntry } from '@perch/broker';
import { TimelineRecorder } from '../../broker/timeline/timeline-recorder.js';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { FirstByKey } from '../../http/first-by-key.js';
import { cutPage, decodeCursor } from '../../http/paging.js';
import { FlapCounter } from '../../policy/bans/flap-counter.js';
import { AuditService } from '../audit/audit.service.js';
import { subscriptionOf } from '../sessions/subscription-of.js';
import type { Client, ClientDetail, ClientPage, ClientQuery } from './client.schemas.js';
import { shownSession } from './shown-session.js';

/** Shows who is and was online, and sends clients away. */
@Injectable()
export class ClientsService {
  constructor(
    private readonly broker: Broker,
    private readonly audit: AuditService,
    private readonly flaps: FlapCounter,
    private readonly timeline: TimelineRecorder,
  ) {}

  list({ limit, after, flapping, ...filter }: ClientQuery): ClientPage {
    const { presence } = this.broker;
    // Read first: what happens from here on has a greater one, and a watcher asks for that.
    const { seq, onlineCount: online, offlineCount: offline } = presence;
    const start = decodeCursor(after);
    const found = new FirstByKey<PresenceEntry>(limit + 1, ({ clientId }) => clientId);
    for (const entry of presence.list()) {
      if (start !== null && entry.clientId <= start) continue;
      if (flapping !== undefined && this.flaps.isFlapping(entry.clientId) !== flapping) continue;
      if (matches(entry, filter)) found.offer(entry);
    }
    const { items, next } = cutPage(found.inOrder, limit, ({ clientId }) => clientId);
    return { items: items.map((entry) => this.shown(entry)), next, seq, online, offline };
  }

  /** 404 when the client was never here, or is forgotten. */
  get(clientId: string): ClientDetail {
    const entry = this.broker.presence.get(clientId);
    if (!entry) throw new ApiError('not-found', 'There is no client with this id.');
    const session = this.broker.sessions.get(clientId);
    const isServed = entry.online && session !== undefined;
    return {
      ...this.shown(entry),
      session: isServed ? shownSession(session) : null,
      durable: Boolean(session?.durable),
    };
  }

  /** 409 when the client is not connected. */
  async kick(clientId: string, reason: string, actor: Actor): Promise<void> {
    this.get(clientId);
    const session = this.broker.sessions.get(clientId);
    if (!session?.isOnline) throw new ApiError('client-offline', 'The client is not connected.');
    await this.audit.record(actor, { action: 'clients.kick', object: `client/${clientId}`, reason: reason || null });
    this.timeline.kicked(session, actor.name, reason);
    this.broker.disconnect(clientId, 'administrative-action');
  }

  /** Takes a subscription away. MQTT has no word for that: its messages just stop. 404 when there is none. */
  async unsubscribe(clientId: string, filter: string, actor: Actor): Promise<void> {
    const session = this.broker.sessions.get(clientId);
    const subscription = session?.subscriptions.get(filter);
    if (!session || !subscription) throw new ApiError('not-found', 'The client has no such subscription.');
    const before = subscriptionOf(subscription);
    await this.audit.record(actor, { action: 'clients.unsubscribe', object: `client/${clientId}`, before });
    this.broker.unsubscribe(session, filter);
    session.peer?.revoked([filter], { disconnect: false, reason: null });
    await this.broker.log.store.committed();
  }

  private shown(entry: PresenceEntry): Client {
    const flaps = this.flaps.countOf(entry.clientId);
    return {
      ...entry,
      protocol: entry.protocol as Client['protocol'],
      since: new Date(entry.since).toISOString(),
      ...(flaps > 0 && { flaps }),
      ...(this.flaps.isFlapping(entry.clientId) && { flapping: true }),
    };
  }
}

function matches(
  entry: PresenceEntry,
  { state, q, username, protocol, address }: Omit<ClientQuery, 'limit' | 'after' | 'flapping'>,
) {
  if (state !== undefined && entry.online !== (state === 'online')) return false;
  if (protocol !== undefined && entry.protocol !== protocol) return false;
  if (username !== undefined && entry.username !== username) return false;
  if (address !== undefined && entry.address !== address) return false;
  return !q || entry.clientId.toLowerCase().includes(q.toLowerCase());
}
