import { aDelivery, aQueuedMessage, aStoredSession, sessionStoreContract } from '@perch/broker/testing';
import pg from 'pg';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { createTestDatabase } from '../../testing/test-database.js';
import { PostgresSessionStore } from './postgres-session-store.js';
import { sessionPoolSettings } from './session-pool.js';

const database = await createTestDatabase();
const pool = new pg.Pool({ connectionString: database.url, ...sessionPoolSettings });
const admin = new pg.Pool({ connectionString: database.url });
for (const each of [pool, admin]) each.on('error', () => undefined);

afterAll(async () => {
  await Promise.all([pool.end(), admin.end()]);
  await database.drop();
});

const TABLES = 'sessions, session_subscriptions, session_messages, session_deliveries, session_packet_ids';
const wipe = async () => void (await admin.query(`TRUNCATE ${TABLES}`));
const ALL = { count: 1_000_000, bytes: Number.MAX_SAFE_INTEGER };

async function openStore(): Promise<PostgresSessionStore> {
  const store = new PostgresSessionStore({ pool, outage: () => undefined, lost: () => undefined });
  await store.load(() => undefined);
  return store;
}

async function openWithSession(): Promise<PostgresSessionStore> {
  const store = await openStore();
  store.keepSession(aStoredSession());
  await store.committed();
  return store;
}

const count = async (table: string) =>
  Number((await admin.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]!.n);

describe('the contract of every session store', () => {
  sessionStoreContract({ open: openStore, messageCount: () => count('session_messages'), wipe });
});

describe('in Postgres', () => {
  afterEach(wipe);

  test('committed resolves only once another connection can read the delivery', async () => {
    const store = await openWithSession();
    const holder = await admin.connect();
    let isDurable = false;
    await holder.query('BEGIN; LOCK TABLE session_deliveries IN EXCLUSIVE MODE');
    try {
      store.append(1, aDelivery(1));
      store.committed()?.then(
        () => (isDurable = true),
        () => undefined,
      );
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect({ isDurable, rows: await count('session_deliveries') }).toEqual({ isDurable: false, rows: 0 });
    } finally {
      await holder.query('COMMIT');
      holder.release();
    }
    await store.committed();
    expect(await count('session_deliveries')).toBe(1);
    await store.close();
  });

  test('a message that is owed more often than one statement takes is kept once, until the last delivery is settled', async () => {
    const store = await openWithSession();
    const message = aQueuedMessage();
    const seqs = Array.from({ length: 45_000 }, (_, index) => index + 1);
    for (const seq of seqs) store.append(1, aDelivery(seq, { message }));
    await store.committed();
    expect([await count('session_deliveries'), await count('session_messages')]).toEqual([45_000, 1]);
    for (const seq of seqs.slice(1)) store.settle(1, seq);
    await store.committed();
    expect(await store.read(1, 0, ALL)).toEqual([aDelivery(1, { message })]);
    store.settle(1, 1);
    await store.committed();
    expect([await count('session_deliveries'), await count('session_messages')]).toEqual([0, 0]);
    await store.close();
  });

  test('what is changed in one turn is committed together', async () => {
    const store = await openStore();
    for (let id = 1; id <= 300; id++) {
      store.keepSession(aStoredSession({ id }));
      store.append(id, aDelivery(1));
    }
    await store.committed();
    const { rows } = await admin.query(`
      SELECT count(DISTINCT xmin::text)::int AS commits FROM (
        SELECT xmin FROM sessions UNION ALL SELECT xmin FROM session_messages UNION ALL SELECT xmin FROM session_deliveries
      ) AS row`);
    expect(rows).toEqual([{ commits: 1 }]);
    await store.close();
  });

  test('what is settled before it was written never gets to the database', async () => {
    const store = await openWithSession();
    const other = await admin.connect();
    await other.query('BEGIN; LOCK TABLE session_messages, session_deliveries IN ACCESS EXCLUSIVE MODE');
    for (let seq = 1; seq <= 10; seq++) {
      store.append(1, aDelivery(seq, { qos: 2 }));
      store.markReceived(1, seq);
      store.settle(1, seq);
    }
    await store.committed(); // would wait for the lock
    await other.query('COMMIT');
    other.release();
    await store.close();
  });

  test('plans that were made for empty tables serve full ones', async () => {
    await admin.query(`VACUUM ANALYZE ${TABLES}`);
    const store = await openStore();
    store.keepSession(aStoredSession());
    const startedAt = performance.now();
    for (let round = 0; round < 10; round++) {
      const seqs = Array.from({ length: 2_000 }, (_, index) => round * 2_000 + index + 1);
      for (const seq of seqs) store.append(1, aDelivery(seq, { qos: 2 }));
      for (const seq of seqs) store.keepPacketId(1, seq);
      await store.committed();
      for (const seq of seqs) store.markReceived(1, seq);
      await store.committed();
      for (const seq of seqs) if (seq % 2 === 0) store.settle(1, seq);
      for (const seq of seqs) store.removePacketId(1, seq);
      await store.committed();
    }
    store.settleRange(1, 0, 20_000);
    await store.committed();
    expect(performance.now() - startedAt).toBeLessThan(15_000); // a plan that scans takes minutes
    expect(await count('session_messages')).toBe(0);
    await store.close();
  });

  test('a queue that is too large for one statement is dropped as a whole, with its messages', async () => {
    await insertSessions({ sessions: 2, deliveriesEach: 60_000 });
    const store = await openStore();
    store.settleRange(1, 10_000, 60_000);
    await store.committed();
    expect(await count('session_deliveries')).toBe(70_000);
    store.removeSession(1);
    store.removeSession(2);
    await store.committed();
    expect(await Promise.all(['session_deliveries', 'session_messages', 'sessions'].map(count))).toEqual([0, 0, 0]);
    await store.close();
  });

  test('rows that belong to no session are cleared away at the start', async () => {
    const store = await openWithSession();
    store.append(1, aDelivery(1));
    store.keepPacketId(1, 1);
    await store.close();
    await admin.query('DELETE FROM sessions');
    await (await openStore()).close();
    expect(await Promise.all(['session_deliveries', 'session_messages', 'session_packet_ids'].map(count))).toEqual([
      0, 0, 0,
    ]);
  });

  test('20,000 sessions with 200,000 deliveries load in seconds', async () => {
    await insertSessions({ sessions: 20_000, deliveriesEach: 10 });
    const store = new PostgresSessionStore({ pool, outage: () => undefined, lost: () => undefined });
    const startedAt = performance.now();
    let sessions = 0;
    let deliveries = 0;
    await store.load((restored) => {
      sessions += 1;
      deliveries += restored.deliveries.count;
    });
    expect({ sessions, deliveries }).toEqual({ sessions: 20_000, deliveries: 200_000 });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    store.append(20_000, aDelivery(11, { message: aQueuedMessage({ topic: 'after/the/others' }) }));
    const [first, ...rest] = await store.read(20_000, 9, ALL);
    expect([first?.message.topic, ...rest.map(({ message }) => message.topic)]).toEqual([
      'old/20000/10',
      'after/the/others',
    ]);
    await store.close();
  });
});

/** Each delivery has a message of its own. */
async function insertSessions({ sessions, deliveriesEach }: { sessions: number; deliveriesEach: number }) {
  await admin.query(`
    INSERT INTO sessions (id, client_id, protocol, created_at, session_expiry_interval, sent_seq)
    SELECT n, n::text, 'mqtt5', now(), 3600, 0 FROM generate_series(1, ${sessions}) AS n`);
  await admin.query(`
    INSERT INTO session_messages (id, topic, payload, qos, retain, publisher, received_at)
    SELECT (n - 1) * ${deliveriesEach} + seq, 'old/' || n || '/' || seq, 'value', 1, false, 'p', now()
    FROM generate_series(1, ${sessions}) AS n, generate_series(1, ${deliveriesEach}) AS seq`);
  await admin.query(`
    INSERT INTO session_deliveries (session_id, seq, message_id, payload_bytes, qos, retain, is_received)
    SELECT n, seq, (n - 1) * ${deliveriesEach} + seq, 5, 1, false, false
    FROM generate_series(1, ${sessions}) AS n, generate_series(1, ${deliveriesEach}) AS seq`);
}
