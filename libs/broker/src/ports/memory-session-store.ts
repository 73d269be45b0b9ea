import { sizeOf } from '../message.js';
import type {
  ReadLimit,
  RestoredSession,
  SessionStore,
  StoredDelivery,
  StoredSession,
  StoredSubscription,
} from './session-store.js';

/** What is kept of one session. */
interface Kept {
  session: StoredSession;
  readonly subscriptions: Map<string, StoredSubscription>;
  readonly packetIds: Set<number>;
  /** By `seq`, which is also their order. */
  readonly deliveries: Map<number, StoredDelivery>;
}

/** Remembers durable sessions as long as the object lives: for one process, and as the model of what a store does. */
export class MemorySessionStore implements SessionStore {
  private readonly sessions = new Map<number, Kept>();

  readonly hasRoom = true;

  /** How many messages are kept; one that several sessions are owed counts once. */
  get messageCount(): number {
    const messages = new Set<object>();
    for (const { deliveries } of this.sessions.values())
      for (const { message } of deliveries.values()) messages.add(message);
    return messages.size;
  }

  async load(take: (session: RestoredSession) => void): Promise<void> {
    for (const { session, subscriptions, packetIds, deliveries } of [...this.sessions.values()]) {
      take({
        session,
        subscriptions: [...subscriptions.values()],
        packetIds: [...packetIds],
        deliveries: countOf([...deliveries.values()]),
      });
    }
  }

  keepSession(session: StoredSession): void {
    const kept = this.sessions.get(session.id);
    if (kept) kept.session = session;
    else
      this.sessions.set(session.id, {
        session,
        subscriptions: new Map(),
        packetIds: new Set(),
        deliveries: new Map(),
      });
  }

  removeSession(sessionId: number): void {
    this.sessions.delete(sessionId);
  }

  keepSubscription(sessionId: number, subscription: StoredSubscription): void {
    this.sessions.get(sessionId)?.subscriptions.set(subscription.filter, subscription);
  }

  removeSubscription(sessionId: number, filter: string): void {
    this.sessions.get(sessionId)?.subscriptions.delete(filter);
  }

  append(sessionId: number, delivery: StoredDelivery): void {
    this.sessions.get(sessionId)?.deliveries.set(delivery.seq, delivery);
  }

  markReceived(sessionId: number, seq: number): void {
    const deliveries = this.sessions.get(sessionId)?.deliveries;
    const delivery = deliveries?.get(seq);
    if (delivery) deliveries?.set(seq, { ...delivery, isReceived: true });
  }

  settle(sessionId: number, seq: number): void {
    this.sessions.get(sessionId)?.deliveries.delete(seq);
  }

  settleRange(sessionId: number, afterSeq: number, throughSeq: number): void {
    const deliveries = this.sessions.get(sessionId)?.deliveries;
    for (const each of deliveries?.keys() ?? []) {
      if (each > throughSeq) return;
      if (each > afterSeq) deliveries?.delete(each);
    }
  }

  keepPacketId(sessionId: number, packetId: number): void {
    this.sessions.get(sessionId)?.packetIds.add(packetId);
  }

  removePacketId(sessionId: number, packetId: number): void {
    this.sessions.get(sessionId)?.packetIds.delete(packetId);
  }

  committed(): Promise<void> | null {
    return null;
  }

  read(sessionId: number, afterSeq: number, limit: ReadLimit): Promise<readonly StoredDelivery[]> {
    const page: StoredDelivery[] = [];
    let bytes = 0;
    for (const delivery of this.sessions.get(sessionId)?.deliveries.values() ?? []) {
      if (delivery.seq <= afterSeq) continue;
      bytes += sizeOf(delivery.message);
      if (page.length >= limit.count || (page.length > 0 && bytes > limit.bytes)) break;
      page.push(delivery);
    }
    return Promise.resolve(page);
  }

  async close(): Promise<void> {}
}

function countOf(deliveries: readonly StoredDelivery[]): RestoredSession['deliveries'] {
  return {
    count: deliveries.length,
    bytes: deliveries.reduce((sum, { message }) => sum + sizeOf(message), 0),
    lastSeq: deliveries.at(-1)?.seq ?? 0,
  };
}
