import { MemorySessionStore, type RestoredSession, type SessionStore } from '@perch/broker';
import { aDelivery, aQueuedMessage, aStoredSession, aStoredSubscription } from '@perch/broker/testing';
import pg from 'pg';
import { afterAll, afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { type Cut, CuttingProxy } from '../../testing/cutting-proxy.js';
import { createTestDatabase } from '../../testing/test-database.js';
import { PostgresSessionStore } from './postgres-session-store.js';
import { sessionPoolSettings } from './session-pool.js';

const database = await createTestDatabase();
const admin = new pg.Pool({ connectionString: database.url });
admin.on('error', () => undefined);

afterAll(async () => {
  await admin.end();
  await database.drop();
});

const TABLES = 'sessions, session_subscriptions, session_messages, session_deliveries, session_packet_ids';
const opened: (() => Promise<void>)[] = [];
// Closed before, because what a store is still writing would stand in the way.
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
  await admin.query(`TRUNCATE ${TABLES}`);
});
const ALL = { count: 1_000_000, bytes: Number.MAX_SAFE_INTEGER };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Opened {
  readonly store: PostgresSessionStore;
  readonly outages: (Error | null)[];
  readonly lost: number[];
}

/** A store with the session 1, on a pool of its own. */
async function open({ url = database.url, limits = {} } = {}): Promise<Opened> {
  const pool = new pg.Pool({ connectionString: url, ...sessionPoolSettings });
  pool.on('error', () => undefined);
  const outages: (Error | null)[] = [];
  const lost: number[] = [];
  const store = new PostgresSessionStore({
    pool,
    limits,
    outage: (error) => outages.push(error),
    lost: (sessionId) => lost.push(sessionId),
  });
  opened.push(async () => {
    await store.close();
    await pool.end();
  });
  await store.load(() => undefined);
  store.keepSession(aStoredSession());
  await store.committed();
  return { store, outages, lost };
}

const seqsOf = async (store: SessionStore) => (await store.read(1, 0, ALL)).map(({ seq }) => seq);
const count = async (table: string) =>
  Number((await admin.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]!.n);

describe('while the database is away', () => {
  // Renamed, the table is as gone as a stopped Postgres, and comes back at once.
  const takeAway = () => admin.query('ALTER TABLE session_deliveries RENAME TO gone');
  const bringBack = () => admin.query('ALTER TABLE gone RENAME TO session_deliveries');

  test('nothing is durable, and all of it is once the database is back', async () => {
    const { store, outages } = await open();
    await takeAway();
    let isDurable = false;
    store.append(1, aDelivery(1));
    const committed = store.committed()?.then(() => (isDurable = true));
    await pause(150);
    store.append(1, aDelivery(2));
    store.keepSubscription(1, aStoredSubscription());
    const read = seqsOf(store);
    await pause(150);
    expect({ isDurable, isWriting: store.isWriting }).toEqual({ isDurable: false, isWriting: false });
    await bringBack();
    await committed;
    expect(await read).toEqual([1, 2]);
    expect(store.isWriting).toBe(true);
    expect(outages.map((error) => error === null)).toEqual([false, true]);
  });

  test('beyond its bound there is no room, and there is again when the database has taken what waited', async () => {
    const { store } = await open({ limits: { deliveries: 3 } });
    await takeAway();
    store.append(1, aDelivery(1));
    await pause(50);
    store.append(1, aDelivery(2));
    expect(store.hasRoom).toBe(true);
    store.append(1, aDelivery(3));
    expect(store.hasRoom).toBe(false);
    store.settle(1, 2);
    expect(store.hasRoom).toBe(true);
    store.append(1, aDelivery(4));
    await bringBack();
    await store.committed();
    expect(store.hasRoom).toBe(true);
    expect(await seqsOf(store)).toEqual([1, 3, 4]);
  });

  test('large messages are bounded by their bytes, each counted once', async () => {
    const { store } = await open({ limits: { bytes: 10_000 } });
    await takeAway();
    const message = aQueuedMessage({ payload: Buffer.alloc(5_000) });
    for (let seq = 1; seq <= 5; seq++) store.append(1, aDelivery(seq, { message }));
    expect(store.hasRoom).toBe(true);
    store.append(1, aDelivery(6, { message: aQueuedMessage({ payload: Buffer.alloc(5_000) }) }));
    expect(store.hasRoom).toBe(false);
    await bringBack();
  });

  test('a reader waits until it is back, also with nothing to be written', async () => {
    const { store } = await open();
    store.append(1, aDelivery(1));
    await store.committed();
    await takeAway();
    const read = seqsOf(store);
    await pause(100);
    await bringBack();
    expect(await read).toEqual([1]);
  });
});

describe('a connection that is lost around a commit', () => {
  async function openThroughProxy(): Promise<Opened & { proxy: CuttingProxy }> {
    const proxy = new CuttingProxy(new URL(database.url));
    const url = await proxy.listen();
    onTestFinished(() => proxy.close());
    return { ...(await open({ url })), proxy };
  }

  test.each<Cut>(['before COMMIT', 'after COMMIT'])('%s: the batch is there once and whole', async (cut) => {
    const { store, proxy, outages } = await openThroughProxy();
    const shared = aQueuedMessage();
    store.keepSession(aStoredSession({ id: 2 }));
    for (const seq of [1, 2, 3]) store.append(1, aDelivery(seq, { qos: 2 }));
    store.append(2, aDelivery(1, { message: shared }));
    store.keepSubscription(1, aStoredSubscription({ filter: 'old' }));
    store.keepPacketId(1, 1);
    await store.committed();

    proxy.cutNext = cut;
    store.settle(1, 1);
    store.markReceived(1, 2);
    store.append(1, aDelivery(4, { message: shared }));
    store.append(1, aDelivery(5, { message: shared }));
    store.removeSession(2);
    store.keepSession(aStoredSession({ id: 3, clientId: 'client-2' }));
    store.removeSubscription(1, 'old');
    store.keepSubscription(1, aStoredSubscription({ filter: 'new' }));
    store.removePacketId(1, 1);
    store.keepPacketId(1, 2);
    await store.committed();

    expect(proxy.cutNext).toBeNull();
    expect(outages.map((error) => error === null)).toEqual([false, true]);
    expect((await store.read(1, 0, ALL)).map(({ seq, isReceived }) => [seq, isReceived])).toEqual([
      [2, true],
      [3, false],
      [4, false],
      [5, false],
    ]);
    expect(await contentsOf(store)).toMatchObject([
      { session: { id: 1 }, subscriptions: [{ filter: 'new' }], packetIds: [2], deliveries: { count: 4, lastSeq: 5 } },
      { session: { id: 3, clientId: 'client-2' }, deliveries: { count: 0 } },
    ]);
    expect(await count('session_messages')).toBe(3);
  });

  test('again and again, in the middle of everything: nothing is lost, doubled or out of order', async () => {
    const { store, proxy } = await openThroughProxy();
    const model = new MemorySessionStore();
    model.keepSession(aStoredSession());
    const random = randomFrom(20_261_121);
    const seqs = new Map<number, number>();
    for (let turn = 0; turn < 400; turn++) {
      if (random(20) === 0) proxy.cutNext = random(2) === 0 ? 'before COMMIT' : 'after COMMIT';
      for (let change = random(6); change >= 0; change--) changeBoth([store, model], { random, seqs });
      if (random(3) === 0) await pause(random(4));
    }
    await store.committed();
    expect(await contentsOf(store)).toEqual(await contentsOf(model));
    for (const id of seqs.keys()) expect(await store.read(id, 0, ALL)).toEqual(await model.read(id, 0, ALL));
    expect(await count('session_messages')).toBe(model.messageCount);
  });
});

describe('a value that Postgres cannot store', () => {
  const POISON = 'nul\u0000inside';

  test('is dropped with the changes of its session, which is told; those of the others are kept', async () => {
    const { store, lost, outages } = await open();
    for (let id = 2; id <= 9; id++) store.keepSession(aStoredSession({ id }));
    await store.committed();
    for (let id = 1; id <= 9; id++) {
      const topic = id === 5 ? POISON : 'good';
      store.append(id, aDelivery(1, { message: aQueuedMessage({ topic }) }));
    }
    store.removeSession(9);
    await expect(store.committed()).rejects.toThrow('invalid byte sequence');
    expect(lost).toEqual([5]);
    expect(outages).toEqual([]);
    const queued = (await contentsOf(store)).map(({ session, deliveries }) => [session.id, deliveries.count]);
    expect(queued).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((id) => [id, id === 5 ? 0 : 1]));
    expect(await count('session_messages')).toBe(7);
  });

  test('is found as well when it cannot even be written down', async () => {
    const { store, lost } = await open();
    store.keepSession(aStoredSession({ id: 2 }));
    store.append(1, aDelivery(1, { message: aQueuedMessage({ receivedAt: Infinity }) }));
    store.append(2, aDelivery(1));
    await expect(store.committed()).rejects.toThrow(RangeError);
    expect(lost).toEqual([1]);
    expect(await store.read(2, 0, ALL)).toEqual([aDelivery(1)]);
  });

  test('does not stop the log', async () => {
    const { store } = await open();
    store.keepSubscription(1, aStoredSubscription({ filter: POISON }));
    await expect(store.committed()).rejects.toThrow();
    store.append(1, aDelivery(1));
    await store.committed();
    expect(await seqsOf(store)).toEqual([1]);
  });
});

describe('closing', () => {
  test('gives up when the database does not come back, and says that it is not durable', async () => {
    const { store } = await open();
    await admin.query('ALTER TABLE session_deliveries RENAME TO gone');
    store.append(1, aDelivery(1));
    const committed = store.committed();
    const outcome = expect(committed).rejects.toThrow('does not exist');
    await store.close();
    await outcome;
    await admin.query('ALTER TABLE gone RENAME TO session_deliveries');
    store.append(1, aDelivery(2));
    await expect(store.committed()).rejects.toThrow('The session store is closed.');
  });
});

async function contentsOf(store: SessionStore): Promise<RestoredSession[]> {
  const contents: RestoredSession[] = [];
  await store.committed();
  await store.load((restored) => {
    const packetIds = [...restored.packetIds].sort((one, other) => one - other);
    const subscriptions = [...restored.subscriptions].sort((one, other) => (one.filter < other.filter ? -1 : 1));
    contents.push({ ...restored, packetIds, subscriptions });
  });
  return contents.sort((one, other) => one.session.id - other.session.id);
}

type Random = (below: number) => number;

/** The same numbers for the same seed. */
function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

interface Script {
  readonly random: Random;
  /** Of each session, the number of its last delivery. */
  readonly seqs: Map<number, number>;
}

/** Makes one change, the same to all of them. */
function changeBoth(stores: readonly SessionStore[], { random, seqs }: Script): void {
  const id = random(8) + 1;
  const last = seqs.get(id) ?? 0;
  const some = random(last + 1);
  const number = random(5);
  const message = aQueuedMessage({ payload: Buffer.alloc(random(40), 'x'), topic: `t/${random(1_000_000)}` });
  const apply = [
    (store: SessionStore) => store.keepSession(aStoredSession({ id, disconnectedAt: last, sentSeq: some })),
    (store: SessionStore) => store.append(id, aDelivery(last + 1, { message, qos: 2 })),
    (store: SessionStore) => store.append(id, aDelivery(last + 1, { message, qos: 1, identifiers: [number] })),
    (store: SessionStore) => store.settle(id, some),
    (store: SessionStore) => store.settle(id, last),
    (store: SessionStore) => store.markReceived(id, some),
    (store: SessionStore) => store.settleRange(id, some - 2, some),
    (store: SessionStore) => store.keepSubscription(id, aStoredSubscription({ filter: `f/${number}`, qos: 2 })),
    (store: SessionStore) => store.removeSubscription(id, `f/${number}`),
    (store: SessionStore) => store.keepPacketId(id, number),
    (store: SessionStore) => store.removePacketId(id, number),
  ];
  const choice = random(apply.length + (random(5) === 0 ? 1 : 0));
  if (choice === 1 || choice === 2) seqs.set(id, last + 1);
  else if (!seqs.has(id)) seqs.set(id, 0);
  for (const store of stores) (apply[choice] ?? ((gone: SessionStore) => gone.removeSession(id)))(store);
}
