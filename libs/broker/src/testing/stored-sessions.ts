import type { Message } from '../message.js';
import type {
  RestoredSession,
  SessionStore,
  StoredDelivery,
  StoredSession,
  StoredSubscription,
} from '../ports/session-store.js';

/** A durable session about nothing in particular. */
export function aStoredSession(parts: Partial<StoredSession> = {}): StoredSession {
  return {
    id: 1,
    clientId: `client-${parts.id ?? 1}`,
    username: 'pumps',
    authenticator: 'users',
    address: '10.0.0.7',
    labels: [],
    own: null,
    protocol: 'mqtt5',
    createdAt: 1_700_000_000_123,
    sessionExpiryInterval: 3_600,
    disconnectedAt: null,
    sentSeq: 0,
    will: null,
    ...parts,
  };
}

/** A subscription about nothing in particular. */
export function aStoredSubscription(parts: Partial<StoredSubscription> = {}): StoredSubscription {
  return { filter: 'a/+', qos: 1, noLocal: false, retainAsPublished: false, identifiers: null, ...parts };
}

/** A message to be queued, about nothing in particular. */
export function aQueuedMessage(parts: Partial<Message> = {}): Message {
  return {
    topic: 'a/topic',
    payload: Buffer.from('a value'),
    qos: 1,
    retain: false,
    properties: null,
    publisher: 'a-client',
    receivedAt: 1_700_000_000_123,
    expiresAt: null,
    ...parts,
  };
}

/** A delivery about nothing in particular. */
export function aDelivery(seq: number, parts: Partial<StoredDelivery> = {}): StoredDelivery {
  return {
    seq,
    qos: 1,
    retain: false,
    isReceived: false,
    identifiers: null,
    share: null,
    message: aQueuedMessage({ payload: Buffer.from(`value ${seq}`) }),
    ...parts,
  };
}

/** No limit to what is read. */
export const ALL = { count: 1_000_000, bytes: Number.MAX_SAFE_INTEGER };

/** Nothing is owed. */
export const NONE = { count: 0, bytes: 0, lastSeq: 0 };

/** A session that has nothing. */
export function emptySession(session: StoredSession): RestoredSession {
  return { session, subscriptions: [], packetIds: [], deliveries: NONE };
}

/** Everything that the store has. */
export async function allOf(store: SessionStore): Promise<RestoredSession[]> {
  const contents: RestoredSession[] = [];
  await store.committed();
  await store.load((session) => contents.push(session));
  return contents;
}

/** Everything that the store has; it is closed. */
export async function contentsOf(store: SessionStore): Promise<RestoredSession[]> {
  const contents = await allOf(store);
  await store.close();
  return contents;
}

/** All subscriptions, in the order of their filters. */
export async function subscriptionsOf(store: SessionStore): Promise<StoredSubscription[]> {
  return byFilter((await allOf(store)).flatMap(({ subscriptions }) => subscriptions));
}

/** In the order of their filters. */
export function byFilter(subscriptions: readonly StoredSubscription[]): StoredSubscription[] {
  return [...subscriptions].sort((one, other) => (one.filter < other.filter ? -1 : 1));
}

/** The numbers of what the session is owed. */
export async function seqsOf(store: SessionStore, sessionId: number): Promise<number[]> {
  return (await store.read(sessionId, 0, ALL)).map(({ seq }) => seq);
}

/** The integers from the first to the last. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** 65,535 bytes that do not compress to much less. */
export function longest(seed: string): string {
  const text = Array.from({ length: 65_535 }, (_, index) => ((index * 7_919) % 36).toString(36)).join('');
  return seed + text.slice(1);
}

/** Resolves in the next turn of the event loop. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
