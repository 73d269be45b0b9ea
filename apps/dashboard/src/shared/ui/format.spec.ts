import { expect, test } from 'vitest';
import { formatBytes, formatClock, formatCount, formatDuration, formatRate, formatRelative } from './format.js';

test('what is not known is a dash, never a zero', () => {
  for (const unknown of [null, undefined, NaN, Infinity]) {
    expect([formatCount(unknown), formatBytes(unknown), formatRate(unknown), formatDuration(unknown)]).toEqual([
      '-',
      '-',
      '-',
      '-',
    ]);
  }
  expect(formatCount(0)).toBe('0');
});

test('sizes, rates and spans fit a narrow place', () => {
  expect([999, 1500, 999_499, 2_500_000_000].map(formatBytes)).toEqual(['999 B', '1.5 kB', '999 kB', '2.5 GB']);
  expect([0.25, 9.96, 1234, 56_789].map(formatRate)).toEqual(['0.3', '10', '1,234', '56.8K']);
  expect([0, 59_000, 125_000, 97 * 3_600_000].map(formatDuration)).toEqual(['0 s', '59 s', '2 min 5 s', '4 d 1 h']);
});

test('moments are told from now, before and after', () => {
  const now = Date.UTC(2026, 0, 1);
  expect(formatRelative(now - 2_000, now)).toBe('just now');
  expect(formatRelative(now - 90_000, now)).toBe('1 min. ago');
  expect(formatRelative(now + 7_200_000, now)).toBe('in 2 hr.');
});

test('the time of a message is that of the reader, whatever zone the server writes it in', () => {
  const local = new Date(2026, 0, 1, 0, 5, 6, 70);
  expect(formatClock(local.toISOString())).toBe('00:05:06.070');
});
