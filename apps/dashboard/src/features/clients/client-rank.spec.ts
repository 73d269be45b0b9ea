import { expect, test } from 'vitest';
import { nextRanks } from './client-rank.js';

const answer = (second: number, counts: Record<string, number>) => ({
  at: new Date(second * 1000).toISOString(),
  clientIds: Object.keys(counts),
  values: Object.values(counts),
});

test('what sessions hold is known at once, how fast messages pass after a second answer', () => {
  expect(nextRanks(null, 'inFlight', answer(0, { a: 3 })).ranks).toEqual(new Map([['a', 3]]));
  const first = nextRanks(null, 'messages', answer(0, { a: 100, b: 7, c: 50 }));
  expect(first.ranks).toBeNull();
  const second = nextRanks(first, 'messages', answer(2, { a: 120, b: 7, c: 4, d: 8 }));
  // `c` has come again, and is counted anew; `d` is new.
  expect(Object.fromEntries(second.ranks ?? [])).toEqual({ a: 10, c: 2, d: 4 });
});

test('answers of one moment make no rate, and those to another question none at all', () => {
  const first = nextRanks(null, 'messages', answer(0, { a: 1 }));
  expect(nextRanks(first, 'messages', answer(0, { a: 9 }))).toBe(first);
  const other = nextRanks(null, 'subscriptions', answer(0, { a: 1 }));
  expect(nextRanks(other, 'messages', answer(5, { a: 9 })).ranks).toBeNull();
});
