import { expect, test } from 'vitest';
import { psTimeUs } from './generator/process-meter.js';
import { median, ratios, spread } from './statistics.js';

test('the median is the middle, or between the two in the middle; rounds without a value do not count', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, NaN, 1, 2, 3])).toBe(2.5);
  expect(median([NaN])).toBeNaN();
});

test('ratios are taken within a round, and a round that lacks one of the two has none', () => {
  expect(ratios([1, 4, NaN, 3], [2, 2, 2, NaN])).toEqual([0.5, 2]);
  expect(spread([0.5, 2, 1])).toEqual({ min: 0.5, max: 2 });
});

test.each([
  ['0:00.25', 250_000],
  ['01:02', 62_000_000],
  ['1:00:00', 3_600_000_000],
  ['1-00:00:01', 86_401_000_000],
])('what ps calls %s', (time, us) => {
  expect(psTimeUs(time)).toBe(us);
});
