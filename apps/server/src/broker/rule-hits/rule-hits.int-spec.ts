import type { RuleHit } from '@perch/broker';
import { FakeClock } from '@perch/broker/testing';
import pg from 'pg';
import { afterAll, afterEach, expect, test } from 'vitest';
import { createTestDatabase } from '../../testing/test-database.js';
import { PostgresRuleHitStore } from './postgres-rule-hit-store.js';
import { RuleHits } from './rule-hits.js';

const database = await createTestDatabase();
const pool = new pg.Pool({ connectionString: database.url });

afterEach(() => pool.query('TRUNCATE rule_hits'));
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const HOUR_MS = 3_600_000;

function open() {
  const clock = new FakeClock();
  const counted = new Map<string, RuleHit>();
  const takeHits = () => {
    const taken = new Map(counted);
    counted.clear();
    return taken;
  };
  const failures: unknown[] = [];
  const store = new PostgresRuleHitStore(pool);
  const hits = new RuleHits({ broker: { clock, takeHits }, store, failed: (error) => failures.push(error) });
  const hit = (ruleId: string, times: number) => counted.set(ruleId, { hits: times, lastAt: clock.now() });
  return { clock, hits, hit, failures, store };
}

const figures = async (hits: RuleHits) => [...(await hits.read())].map(([id, { day, week }]) => [id, day, week]);

test('hits add up by the hour, over restarts, and are read for the last day and the last week', async () => {
  const before = open();
  before.hit('r1', 5);
  await before.hits.write();
  const { hits, hit, clock } = open();
  hit('r1', 2);
  expect(await figures(hits)).toEqual([['r1', 7, 7]]);
  clock.advance(30 * HOUR_MS);
  hit('r1', 1);
  expect(await figures(hits)).toEqual([['r1', 1, 8]]);
  clock.advance(8 * 24 * HOUR_MS);
  const { lastAt } = (await hits.read()).get('r1') ?? {};
  expect(await figures(hits)).toEqual([['r1', 0, 0]]);
  expect(clock.now() - (lastAt?.getTime() ?? 0)).toBe(8 * 24 * HOUR_MS);
});

test('what the database did not take is written with the next', async () => {
  const { hits, hit, failures, clock } = open();
  await pool.query('ALTER TABLE rule_hits RENAME TO away');
  hit('r1', 3);
  await hits.write();
  clock.advance(HOUR_MS);
  hit('r1', 4);
  await hits.write();
  expect(failures).toHaveLength(2);
  await pool.query('ALTER TABLE away RENAME TO rule_hits');
  expect(await figures(hits)).toEqual([['r1', 7, 7]]);
});

test('hours before a moment are forgotten', async () => {
  const { hits, hit, clock } = open();
  hit('old', 1);
  await hits.write();
  clock.advance(5 * HOUR_MS);
  hit('new', 1);
  await hits.write();
  const begun = await hits.since();
  await hits.purge(clock.now() - 2 * HOUR_MS);
  expect((await hits.since())!.getTime() - begun!.getTime()).toBe(5 * HOUR_MS);
  expect((await figures(hits)).map(([id]) => id)).toEqual(['new']);
});
