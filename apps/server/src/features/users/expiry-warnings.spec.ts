import { expect, test } from 'vitest';
import { ExpiryWarnings } from './expiry-warnings.js';

const HOUR = 3_600_000;

function someUsers(ends: Record<string, number>) {
  const lines: string[] = [];
  const world = { isAway: false };
  const warnings = new ExpiryWarnings({
    ending: async (after, until, limit) => {
      if (world.isAway) throw new Error('connection refused');
      const names = Object.keys(ends).filter((name) => (ends[name] ?? 0) > after && (ends[name] ?? 0) <= until);
      return names.slice(0, limit);
    },
    warn: (text) => lines.push(text),
  });
  return { lines, warnings, world };
}

test('a user whose time ends is told of a day and an hour before, once each', async () => {
  const { lines, warnings } = someUsers({ pump: 30 * HOUR });
  for (let hour = 0; hour <= 31; hour++) await warnings.look(hour * HOUR);
  expect(lines).toEqual(['Users that end within a day: pump', 'Users that end within an hour: pump']);
});

test('a thousand users that end together make one line of ten names', async () => {
  const { lines, warnings } = someUsers(
    Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`u${i}`, 10 * HOUR])),
  );
  await warnings.look(0);
  expect(lines).toEqual(['Users that end within a day: u0, u1, u2, u3, u4, u5, u6, u7, u8, u9 and others']);
});

test('who came due while the database was away is told of afterwards', async () => {
  const { lines, warnings, world } = someUsers({ pump: 30 * HOUR });
  await warnings.look(0);
  world.isAway = true;
  await expect(warnings.look(7 * HOUR)).rejects.toThrow('refused');
  world.isAway = false;
  await warnings.look(8 * HOUR);
  expect(lines).toEqual(['Users that end within a day: pump']);
});
