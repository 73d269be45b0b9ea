import { expect, test } from 'vitest';
import type { RefusalCount, RefusalSeen } from './refusal-seen.js';
import { RefusalTally } from './refusal-tally.js';

const NOON = Date.parse('2026-01-01T12:00:00Z');
const MINUTE_MS = 60_000;

function aRefusal(parts: Partial<RefusalSeen> = {}): RefusalSeen {
  return {
    action: 'publish',
    refusal: 'not-authorized',
    clientId: 'pump-7',
    username: 'pumps',
    address: '10.0.0.7',
    topic: 'plant/1',
    ruleId: 'r1',
    ...parts,
  };
}

const at = (now: number, revision = 1) => ({ now, revision });

/** Each row that was ever returned. */
function rowsOf(tally: RefusalTally, seen: readonly RefusalSeen[], now = NOON): RefusalCount[] {
  return [...new Set(seen.map((each) => tally.count(each, at(now))))];
}

test('refusals that are alike are one row with the first and the last moment, and the last revision', () => {
  const tally = new RefusalTally();
  tally.count(aRefusal(), at(NOON, 4));
  tally.count(aRefusal({ topic: 'plant/2' }), at(NOON + 1, 4));
  const row = tally.count(aRefusal(), at(NOON + 2, 5));
  expect(row).toMatchObject({ count: 2, firstAt: NOON, lastAt: NOON + 2, revision: 5, topic: 'plant/1', omits: null });
});

test.each<Partial<RefusalSeen>>([
  { action: 'subscribe' },
  { refusal: 'quota-exceeded' },
  { clientId: 'pump-8' },
  { clientId: null },
  { username: null },
  { address: '10.0.0.8' },
  { topic: null },
  { ruleId: null },
  { shadow: true },
])('what differs in %o is a row of its own', (difference) => {
  expect(rowsOf(new RefusalTally(), [aRefusal(), aRefusal(difference), aRefusal(), aRefusal(difference)])).toHaveLength(
    2,
  );
});

test('each quarter of an hour has its own rows', () => {
  const tally = new RefusalTally();
  const rows = [0, 14, 15, 29].map((minutes) => tally.count(aRefusal(), at(NOON + minutes * MINUTE_MS)));
  expect(new Set(rows).size).toBe(2);
  expect(rows.map(({ bucket }) => (bucket - NOON) / MINUTE_MS)).toEqual([0, 0, 15, 15]);
});

test('a clock that is set back does not count into the future', () => {
  const tally = new RefusalTally();
  tally.count(aRefusal(), at(NOON));
  expect(tally.count(aRefusal(), at(NOON - 20 * MINUTE_MS)).bucket).toBe(NOON - 30 * MINUTE_MS);
});

test('what a client is refused beyond its rows is counted in one row for the rest of it, nothing is lost', () => {
  const tally = new RefusalTally({ rowsPerClient: 3 });
  const topics = Array.from({ length: 100 }, (_, index) => aRefusal({ topic: `t/${index}` }));
  const rows = rowsOf(tally, [...topics, ...topics]);
  expect(rows).toHaveLength(4);
  expect(rows.at(-1)).toMatchObject({ omits: 'topics', clientId: 'pump-7', topic: null, ruleId: null, count: 194 });
  expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(200);
  expect(tally.summedUp).toBe(194);
});

test('what is refused to more clients than there is room for is counted without them', () => {
  const tally = new RefusalTally({ otherRows: 10 });
  const rows = rowsOf(
    tally,
    Array.from({ length: 50 }, (_, index) => aRefusal({ clientId: `c${index}` })),
  );
  expect(rows).toHaveLength(11);
  expect(rows.at(-1)).toMatchObject({ omits: 'clients', clientId: null, address: null, count: 40 });
});

test('a flood of strangers at the door leaves room for what is refused to clients', () => {
  const tally = new RefusalTally({ connectRows: 10 });
  const guess = (index: number) =>
    aRefusal({ action: 'connect', refusal: 'bad-credentials', clientId: `c${index}`, topic: null, ruleId: null });
  rowsOf(
    tally,
    Array.from({ length: 100 }, (_, index) => guess(index)),
  );
  expect(tally.count(aRefusal(), at(NOON))).toMatchObject({ omits: null, topic: 'plant/1' });
});

test('long topics share a bound in characters', () => {
  const tally = new RefusalTally({ characters: 100_000 });
  const rows = rowsOf(
    tally,
    Array.from({ length: 20 }, (_, index) => aRefusal({ clientId: `c${index}`, topic: 'x'.repeat(20_000) })),
  );
  expect(rows.filter(({ omits }) => omits === null)).toHaveLength(4);
});

test('what is told apart ends with its quarter of an hour, and so do the bounds', () => {
  const tally = new RefusalTally({ otherRows: 1 });
  rowsOf(tally, [aRefusal(), aRefusal({ clientId: 'other' })]);
  expect(tally.count(aRefusal({ clientId: 'other' }), at(NOON + 15 * MINUTE_MS)).omits).toBeNull();
});
