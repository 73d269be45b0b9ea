import pg from 'pg';
import { afterAll, afterEach, expect, test } from 'vitest';
import { createTestDatabase } from '../../testing/test-database.js';
import { type KeptPresence, PostgresPresenceStore } from './postgres-presence-store.js';

const database = await createTestDatabase();
const pool = new pg.Pool({ connectionString: database.url });

afterEach(() => pool.query('TRUNCATE clients'));
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const openStore = () => new PostgresPresenceStore({ pool, outage: () => undefined, lost: () => undefined });

function anEntry(parts: Partial<KeptPresence> = {}): KeptPresence {
  return {
    clientId: 'pump-7',
    online: false,
    since: 1_700_000_000_123,
    seq: 12,
    username: 'pumps',
    authenticator: 'jwt/cloud',
    address: '10.0.0.7',
    protocol: 'mqtt5',
    node: 'perch',
    reason: 'connection-lost',
    connectedForMs: 5_000,
    ...parts,
  };
}

async function restart(store: PostgresPresenceStore): Promise<KeptPresence[]> {
  await store.close();
  return openStore().load();
}

test('what was known of a client is known after a restart', async () => {
  const store = openStore();
  store.record(anEntry());
  expect(await restart(store)).toEqual([anEntry({ seq: 0 })]);
});

test('a client that was online when the server ended is offline since it was last seen to come', async () => {
  const store = openStore();
  store.record(anEntry({ online: true, reason: null, connectedForMs: null }));
  const [entry] = await restart(store);
  expect(entry).toMatchObject({ online: false, reason: 'server-restart', since: 1_700_000_000_123 });
});

test('of a client that comes and goes quickly only the last event is written', async () => {
  const store = openStore();
  for (let round = 1; round <= 100; round++) store.record(anEntry({ online: round % 2 === 1, since: round }));
  const [entry, ...others] = await restart(store);
  expect(entry).toMatchObject({ online: false, since: 100 });
  expect(others).toEqual([]);
});

test('a client that is forgotten is gone after a restart', async () => {
  const store = openStore();
  store.record(anEntry());
  store.record(anEntry({ clientId: 'pump-8' }));
  store.forget('pump-7');
  expect((await restart(store)).map(({ clientId }) => clientId)).toEqual(['pump-8']);
});

test('10,000 clients and an id of 65,535 bytes are written at once', async () => {
  const store = openStore();
  store.record(anEntry({ clientId: 'x'.repeat(65_535), username: null, address: null }));
  for (let index = 0; index < 10_000; index++) store.record(anEntry({ clientId: `c/${index}` }));
  expect(await restart(store)).toHaveLength(10_001);
});

test('events are on disk within a second without anybody closing the store', async () => {
  const store = openStore();
  store.record(anEntry());
  await expect.poll(async () => (await pool.query('SELECT 1 FROM clients')).rowCount, { timeout: 1_000 }).toBe(1);
  await store.close();
});

test('events beyond the bound are told as lost, and those within it are written', async () => {
  const lost: string[] = [];
  const limits = { pending: 2 };
  const store = new PostgresPresenceStore({ pool, outage: () => undefined, lost: (id) => lost.push(id), limits });
  for (const clientId of ['a', 'b', 'c']) store.record(anEntry({ clientId }));
  expect((await restart(store)).map(({ clientId }) => clientId).sort()).toEqual(['a', 'b']);
  expect(lost).toEqual(['c']);
});

test('an event that cannot be stored is told as lost, and holds up no other', async () => {
  const lost: string[] = [];
  const store = new PostgresPresenceStore({ pool, outage: () => undefined, lost: (id) => lost.push(id) });
  for (const clientId of ['a', 'b\0', 'c']) store.record(anEntry({ clientId }));
  expect((await restart(store)).map(({ clientId }) => clientId).sort()).toEqual(['a', 'c']);
  expect(lost).toEqual(['b\0']);
});

test('the first sight of a client is remembered through later events', async () => {
  const store = openStore();
  store.record(anEntry());
  await store.close();
  const firstSeen = async () => (await pool.query<{ first_seen_at: Date }>('SELECT first_seen_at FROM clients')).rows;
  const before = await firstSeen();
  const later = openStore();
  later.record(anEntry({ online: true }));
  await later.close();
  expect(await firstSeen()).toEqual(before);
});
