import pg from 'pg';
import { afterAll, afterEach, expect, test } from 'vitest';
import { breakableDatabase } from '../../http/testing/breakable-database.js';
import { createTestDatabase } from '../../testing/test-database.js';
import { RefusalLog } from '../refusals/refusal-log.js';
import type { RefusalSeen } from '../refusals/refusal-seen.js';
import { PostgresRefusalStore, type RefusalStoreOptions } from './postgres-refusal-store.js';

const database = await createTestDatabase();
const pool = new pg.Pool({ connectionString: database.url });

afterEach(() => pool.query('TRUNCATE refusals'));
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const NOON = Date.parse('2026-01-01T12:00:00Z');
const DAY_MS = 24 * 3_600_000;

interface Opened {
  readonly log: RefusalLog;
  readonly outages: boolean[];
  now: number;
}

function openLog(options: Partial<RefusalStoreOptions> = {}): Opened {
  const opened: { now: number; outages: boolean[] } = { now: NOON, outages: [] };
  const store = new PostgresRefusalStore({
    pool,
    outage: (error) => opened.outages.push(error !== null),
    lost: (row) => log.lost(row),
    ...options,
  });
  const log = new RefusalLog({ store, revision: () => 7, now: () => opened.now });
  return Object.assign(opened, { log });
}

function aRefusal(parts: Partial<RefusalSeen> = {}): RefusalSeen {
  return {
    action: 'publish',
    refusal: 'not-authorized',
    clientId: 'pump-7',
    username: 'pumps',
    address: '10.0.0.7',
    labels: ['press', 'hall 3'],
    protocol: 'mqtt5',
    topic: 'plant/1',
    ruleId: 'r1',
    ...parts,
  };
}

interface Row {
  readonly client_id: string;
  readonly topic: string;
  readonly count: string;
  readonly [column: string]: unknown;
}

const rows = async () => (await pool.query<Row>('SELECT * FROM refusals ORDER BY bucket, topic, run')).rows;
const sum = async () => (await rows()).reduce((total, { count }) => total + Number(count), 0);

test('a refusal is kept with all that its explanation needs', async () => {
  const { log } = openLog();
  log.record(aRefusal());
  await log.flush();
  expect(await rows()).toMatchObject([
    {
      bucket: new Date(NOON),
      action: 'publish',
      refusal: 'not-authorized',
      client_id: 'pump-7',
      username: 'pumps',
      address: '10.0.0.7',
      labels: ['press', 'hall 3'],
      protocol: 'mqtt5',
      topic: 'plant/1',
      rule_id: 'r1',
      revision: 7,
      shadow: false,
      omits: null,
      count: '1',
      first_at: new Date(NOON),
      last_at: new Date(NOON),
    },
  ]);
  await log.close();
});

test('however often it is written in between, the count is the number of refusals', async () => {
  const { log } = openLog();
  for (let round = 0; round < 5; round++) {
    for (let time = 0; time < 100; time++) log.record(aRefusal());
    await log.flush();
  }
  for (let time = 0; time < 11; time++) log.record(aRefusal());
  await log.close();
  expect((await rows()).map(({ count }) => count)).toEqual(['511']);
});

test('a server that starts again within the quarter of an hour adds to what was counted', async () => {
  for (let run = 0; run < 3; run++) {
    const { log } = openLog();
    log.record(aRefusal());
    log.record(aRefusal());
    await log.close();
  }
  expect(await sum()).toBe(6);
  const hashes = new Set((await rows()).map(({ key_hash }) => String(key_hash)));
  expect(hashes.size).toBe(1);
});

test('topics of 65,535 characters, with U+0000, and clients that nobody knows are kept, too', async () => {
  const { log } = openLog();
  log.record(aRefusal({ topic: 'x'.repeat(65_535) }));
  log.record(aRefusal({ topic: 'a\0b', refusal: 'invalid-topic' }));
  log.record(aRefusal({ action: 'connect', clientId: null, username: null, topic: null, ruleId: null, labels: [] }));
  await log.close();
  expect((await rows()).map(({ topic }) => topic?.length ?? null)).toEqual([3, 65_535, null]);
  expect(log.notKept).toBe(0);
});

test('what is refused while the database is away is written when it is back, each once', async () => {
  const breakable = await breakableDatabase();
  const through = new pg.Pool({ connectionString: breakable.url });
  through.on('error', () => undefined);
  const opened = openLog({ pool: through });
  const read = new pg.Pool({ connectionString: breakable.url });
  read.on('error', () => undefined);
  opened.log.record(aRefusal());
  await opened.log.flush();
  await breakable.cut();
  for (let time = 0; time < 50; time++) opened.log.record(aRefusal());
  await opened.log.flush();
  expect(opened.outages).toEqual([true]);
  opened.now += 20 * 60_000;
  opened.log.record(aRefusal());
  await breakable.restore();
  await expect.poll(() => opened.outages, { timeout: 15_000 }).toEqual([true, false]);
  await opened.log.flush();
  const { rows: kept } = await read.query<Row>('SELECT count FROM refusals ORDER BY bucket');
  expect(kept.map(({ count }) => count)).toEqual(['51', '1']);
  expect(opened.log.notKept).toBe(0);
  await opened.log.close();
  await Promise.all([through.end(), read.end()]);
  await breakable.drop();
});

test('what has no place while the database is away is counted as not kept, and no more than that', async () => {
  const opened = openLog({ limits: { pending: 2 } });
  for (const topic of ['a', 'b', 'c', 'c']) opened.log.record(aRefusal({ topic }));
  expect(opened.log.notKept).toBe(2);
  await opened.log.flush();
  opened.log.record(aRefusal({ topic: 'c' }));
  expect(opened.log.notKept).toBe(0);
  await opened.log.close();
  expect(await sum()).toBe(5);
});

test('what is older than the retention is removed, however much it is, and nothing else', async () => {
  const { log } = openLog();
  await pool.query(
    `INSERT INTO refusals (bucket, key_hash, run, action, refusal, revision, count, first_at, last_at)
     SELECT $1, sha256(n::text::bytea), gen_random_uuid(), 'publish', 'not-authorized', 1, 1, $1, $1
     FROM generate_series(1, 12000) AS n`,
    [new Date(NOON - 31 * DAY_MS)],
  );
  log.record(aRefusal());
  await log.flush();
  expect(await log.purge(NOON - 30 * DAY_MS)).toBe(12_000);
  expect((await rows()).map(({ topic }) => topic)).toEqual(['plant/1']);
  await log.close();
});
