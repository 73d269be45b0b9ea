import { aRetainedMessage, retainedStoreContract } from '@perch/broker/testing';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '../../testing/test-database.js';
import { StoreFullError } from './group-writer.js';
import { PostgresRetainedStore, type RetainedStoreOptions } from './postgres-retained-store.js';

const database = await createTestDatabase();
const pool = new pg.Pool({ connectionString: database.url });
pool.on('error', () => undefined);

afterAll(async () => {
  await pool.end();
  await database.drop();
});

const openStore = (limits = {}, loaded?: RetainedStoreOptions['loaded']) =>
  new PostgresRetainedStore({ pool, limits, outage: () => undefined, loaded });
const wipe = async () => void (await pool.query('TRUNCATE retained_messages'));

async function topicsOf(store: PostgresRetainedStore): Promise<string[]> {
  const topics: string[] = [];
  await store.load(({ topic }) => topics.push(topic));
  return topics;
}

describe('the contract of every retained store', () => {
  retainedStoreContract({ open: async () => openStore(), wipe });
});

describe('in Postgres', () => {
  test('keep resolves only once another connection can read the value', async () => {
    await openStore().keep(aRetainedMessage());
    const other = new pg.Client({ connectionString: database.url });
    await other.connect();
    expect((await other.query('SELECT topic FROM retained_messages')).rows).toEqual([{ topic: 'a/topic' }]);
    await other.end();
    await wipe();
  });

  test('messages that arrive together are committed together', async () => {
    const store = openStore();
    const commits = async () =>
      Number(
        (await pool.query<{ n: string }>(`SELECT count(DISTINCT xmin::text) AS n FROM retained_messages`)).rows[0]!.n,
      );
    await Promise.all(Array.from({ length: 500 }, (_, index) => store.keep(aRetainedMessage({ topic: `t/${index}` }))));
    expect(await commits()).toBe(1);
    await wipe();
  });

  test('a message that has expired is not loaded, and its row is removed', async () => {
    const store = openStore();
    await store.keep(aRetainedMessage({ expiresAt: Date.now() - 1_000 }));
    expect(await topicsOf(store)).toEqual([]);
    expect((await pool.query('SELECT 1 FROM retained_messages')).rowCount).toBe(0);
  });

  test('a message that Postgres cannot store is refused alone, the others of its batch are kept', async () => {
    const store = openStore();
    const poison = aRetainedMessage({ topic: 'nul\u0000inside' });
    const good = Array.from({ length: 9 }, (_, index) => aRetainedMessage({ topic: `good/${index}` }));
    const answers = await Promise.allSettled([...good.slice(0, 4), poison, ...good.slice(4)].map((m) => store.keep(m)));
    expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(answers[4]!.status).toBe('rejected');
    expect((await topicsOf(store)).sort()).toEqual(good.map(({ topic }) => topic).sort());
    await wipe();
  });

  test('what many pages hold is loaded, each message once, and counted', { timeout: 60_000 }, async () => {
    await pool.query(`
      INSERT INTO retained_messages (topic_hash, topic, payload, qos, publisher, stored_at)
      SELECT sha256(('t/' || n)::bytea), 't/' || n, convert_to(repeat('value ' || n, 10), 'UTF8'), 1, 'p', now()
      FROM generate_series(1, 100000) AS n`);
    // Rows that were written anew stand elsewhere.
    await pool.query(`UPDATE retained_messages SET publisher = 'q' WHERE topic LIKE '%7'`);
    const told: number[] = [];
    const topics = await topicsOf(openStore({}, ({ count }) => void told.push(count)));
    expect(topics).toHaveLength(100_000);
    expect(new Set(topics).size).toBe(100_000);
    expect(told).toEqual([100_000]);
    await wipe();
  });
});

describe('while the database is away', () => {
  // Renamed, the table is as gone as a stopped Postgres, and comes back at once.
  const takeAway = () => pool.query('ALTER TABLE retained_messages RENAME TO gone');
  const bringBack = () => pool.query('ALTER TABLE gone RENAME TO retained_messages');

  test('nothing is acknowledged, and all of it is kept once the database is back', async () => {
    const outages: (Error | null)[] = [];
    const store = new PostgresRetainedStore({ pool, outage: (error) => outages.push(error) });
    await takeAway();
    let answered = 0;
    const answers = ['a', 'b', 'a'].map((topic) => store.keep(aRetainedMessage({ topic })).then(() => (answered += 1)));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(answered).toBe(0);
    await bringBack();
    await Promise.all(answers);
    expect((await topicsOf(store)).sort()).toEqual(['a', 'b']);
    expect(outages.map((error) => error === null)).toEqual([false, true]);
    await wipe();
  });

  test('beyond its bound keep is refused, and what was taken before is still kept', async () => {
    const store = openStore({ pending: 3 });
    await takeAway();
    const taken = ['a', 'b', 'c'].map((topic) => store.keep(aRetainedMessage({ topic })));
    await expect(store.keep(aRetainedMessage({ topic: 'd' }))).rejects.toBeInstanceOf(StoreFullError);
    await bringBack();
    await Promise.all(taken);
    expect((await topicsOf(store)).sort()).toEqual(['a', 'b', 'c']);
    await wipe();
  });

  test('large values are bounded by their bytes', async () => {
    const store = openStore({ pendingBytes: 10_000 });
    await takeAway();
    const taken = store.keep(aRetainedMessage({ topic: 'a', payload: Buffer.alloc(9_000) }));
    const refused = store.keep(aRetainedMessage({ topic: 'b', payload: Buffer.alloc(9_000) }));
    await expect(refused).rejects.toBeInstanceOf(StoreFullError);
    await bringBack();
    await taken;
    await wipe();
  });
});
