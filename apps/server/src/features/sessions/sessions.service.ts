import { Injectable } from '@nestjs/common';
import { Broker, type Session } from '@perch/broker';
import type { Actor } from '../../http/actor.js';
import { ApiError } from '../../http/api-error.js';
import { FirstByKey } from '../../http/first-by-key.js';
import { cutPage, decodeCursor } from '../../http/paging.js';
import { AuditService } from '../audit/audit.service.js';
import { subscriptionOf } from './subscription-of.js';
import type {
  DroppedQueue,
  DurableSession,
  DurableSessionDetail,
  DurableSessionPage,
  DurableSessionQuery,
} from './session.schemas.js';

/** MQTT's word for never [MQTT5 3.1.2.11.2]. */
const FOR_EVER = 0xffff_ffff;

/** Shows the sessions that outlive their connections, and ends or empties them. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly broker: Broker,
    private readonly audit: AuditService,
  ) {}

  list({ limit, after, ...filter }: DurableSessionQuery): DurableSessionPage {
    const { sessions, log } = this.broker;
    const start = decodeCursor(after);
    const found = new FirstByKey<Session>(limit + 1, ({ clientId }) => clientId);
    for (const session of sessions) {
      if ((start === null || session.clientId > start) && matches(session, filter)) found.offer(session);
    }
    const { items, next } = cutPage(found.inOrder, limit, ({ clientId }) => clientId);
    return {
      items: items.map(itemOf),
      next,
      total: sessions.durable,
      owedMessages: log.queuedMessages,
      owedBytes: log.queuedBytes,
    };
  }

  /** 404 when the client has no session that outlives its connection. */
  get(clientId: string): DurableSessionDetail {
    return detailOf(this.find(clientId));
  }

  async purge(clientId: string, actor: Actor): Promise<void> {
    await this.record('sessions.purge', clientId, actor);
    await this.broker.sessions.purge(this.find(clientId));
  }

  async dropQueue(clientId: string, actor: Actor): Promise<DroppedQueue> {
    await this.record('sessions.dropQueue', clientId, actor);
    const dropped = this.find(clientId).durable?.clear() ?? 0;
    await this.broker.log.store.committed();
    return { dropped };
  }

  private record(action: string, clientId: string, actor: Actor): Promise<void> {
    const { queued, inFlight, owedBytes, subscriptionCount } = itemOf(this.find(clientId));
    const before = { queued, inFlight, owedBytes, subscriptionCount };
    return this.audit.record(actor, { action, object: `client/${clientId}`, before });
  }

  private find(clientId: string): Session {
    const session = this.broker.sessions.get(clientId);
    if (!session?.durable) throw new ApiError('not-found', 'The client has no durable session.');
    return session;
  }
}

function matches(session: Session, { state, q, username }: Omit<DurableSessionQuery, 'limit' | 'after'>): boolean {
  if (!session.durable) return false;
  if (state !== undefined && session.isOnline !== (state === 'online')) return false;
  if (username !== undefined && session.identity.username !== username) return false;
  return !q || session.clientId.toLowerCase().includes(q.toLowerCase());
}

function itemOf(session: Session): DurableSession {
  const { identity, sessionExpiryInterval: seconds, disconnectedAt } = session;
  const isForEver = seconds === FOR_EVER;
  return {
    clientId: session.clientId,
    online: session.isOnline,
    username: identity.username,
    address: identity.address,
    protocol: session.options.protocol as DurableSession['protocol'],
    createdAt: instantOf(session.createdAt),
    disconnectedAt: disconnectedAt === null ? null : instantOf(disconnectedAt),
    expirySeconds: isForEver ? null : seconds,
    expiresAt: disconnectedAt === null || isForEver ? null : instantOf(disconnectedAt + seconds * 1000),
    queued: session.queuedCount,
    inFlight: session.inFlightCount,
    owedBytes: session.queuedBytes,
    subscriptionCount: session.subscriptions.size,
  };
}

function detailOf(session: Session): DurableSessionDetail {
  const { will, options } = session;
  return {
    ...itemOf(session),
    will: will && { topic: will.topic, qos: will.qos, retain: will.retain, delaySeconds: options.willDelayInterval },
    subscriptions: [...session.subscriptions.values()].map(subscriptionOf),
  };
}

function instantOf(ms: number): string {
  return new Date(ms).toISOString();
}
