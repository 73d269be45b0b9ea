import pg from 'pg';
import { afterAll, afterEach, expect, test } from 'vitest';
import { createTestDatabase } from '../../testing/test-database.js';
import type { ClientEvent } from '../timeline/client-event.js';
import { PostgresPresenceStore } from './postgres-presence-store.js';
import { PostgresTimelineStore, type TimelineStoreOptions } from './postgres-timeline-store.js';

const database = await createTestDatabase();
const pool = new pg.Pool({ connectionString: database.url });

afterEach(() => pool.query('TRUNCATE client_events, clients'));
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const NOON = Date.parse('2026-01-01T12:00:00Z');

function openStore(options: Partial<TimelineStoreOptions> = {}): PostgresTimelineStore {
  return new PostgresTimelineStore({
    pool,
    outage: () => undefined,
    lost: () => undefined,
    eventsPerClient: 10,
    trimChance: 1,
    ...options,
  });
}

function anEvent(parts: Partial<ClientEvent> = {}): ClientEvent {
  return {
    clientId: 'pump-7',
    kind: 'connected',
    at: NOON,
    username: 'pumps',
    address: '10.0.0.7',
    protocol: 'mqtt5',
    reason: null,
    connectedForMs: null,
    operator: null,
    ...parts,
  };
}

const reasons = async (clientId: string) =>
  (
    await pool.query<{ reason: string }>(
      `SELECT reason FROM client_events WHERE client_id_hash = sha256(convert_to($1, 'UTF8')) ORDER BY id`,
      [clientId],
    )
  ).rows.map(({ reason }) => reason);

test('events are kept in the order in which they happened, also those of one millisecond', async () => {
  const store = openStore();
  for (const reason of ['a', 'b', 'c']) store.put(anEvent({ reason }));
  await store.close();
  expect(await reasons('pump-7')).toEqual(['a', 'b', 'c']);
});

test('of a client only the last events are kept, however busy it is, and of others all', async () => {
  const store = openStore();
  store.put(anEvent({ clientId: 'quiet', reason: 'stays' }));
  for (let batch = 0; batch < 5; batch++) {
    for (let each = 0; each < 4; each++) store.put(anEvent({ reason: `${batch}.${each}` }));
    await store.flush();
  }
  await store.close();
  // What is just written comes on top of the bound.
  expect(await reasons('pump-7')).toEqual([
    '1.2',
    '1.3',
    '2.0',
    '2.1',
    '2.2',
    '2.3',
    '3.0',
    '3.1',
    '3.2',
    '3.3',
    '4.0',
    '4.1',
    '4.2',
    '4.3',
  ]);
  expect(await reasons('quiet')).toEqual(['stays']);
});

test('what waits while the database is away is bounded, and told when it is lost', async () => {
  const lost: (string | null)[] = [];
  const store = openStore({
    limits: { pending: 2 },
    lost: ({ reason }) => lost.push(reason),
  });
  for (const reason of ['a', 'b', 'c']) store.put(anEvent({ reason }));
  expect(lost).toEqual(['c']);
  await store.close();
  expect(await reasons('pump-7')).toEqual(['a', 'b']);
});

test('old events are removed, however many', async () => {
  const store = openStore({ eventsPerClient: 100_000, trimChance: 0 });
  for (let each = 0; each < 6_000; each++) store.put(anEvent({ at: NOON - 1 }));
  store.put(anEvent({ reason: 'stays' }));
  await store.flush();
  expect(await store.purge(NOON)).toBe(6_000);
  expect(await reasons('pump-7')).toEqual(['stays']);
  await store.close();
});

test('who was connected when the server ended without a word is noted as gone', async () => {
  const presence = new PostgresPresenceStore({ pool, outage: () => undefined, lost: () => undefined });
  const entry = {
    since: NOON,
    seq: 1,
    username: null,
    address: null,
    protocol: 'mqtt5',
    authenticator: null,
    node: 'n',
  };
  presence.record({ ...entry, clientId: 'on', online: true, reason: null, connectedForMs: null });
  presence.record({ ...entry, clientId: 'off', online: false, reason: 'connection-lost', connectedForMs: 5 });
  await presence.close();
  const store = openStore();
  await store.endEarlierRun();
  expect(await reasons('on')).toEqual(['server-restart']);
  expect(await reasons('off')).toEqual([]);
  await store.close();
});
