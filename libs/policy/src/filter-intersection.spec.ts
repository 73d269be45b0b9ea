import { expect, test } from 'vitest';
import { filterIntersection } from './filter-intersection.js';
import { topicSet, worldFilters } from './testing/oracle.js';

test.each([
  ['a/#', 'a', 'a'],
  ['a/+', '+/b', 'a/b'],
  ['#', '+/a/#', '+/a/#'],
  ['/#', '+/+', '/+'],
  ['a/+', 'a', null],
  ['#', '$s/a', null],
])('of %s and %s is %s', (a, b, expected) => {
  expect(filterIntersection(a, b)).toBe(expected);
  expect(filterIntersection(b, a)).toBe(expected);
});

test('matches what both filters match, and nothing else', () => {
  for (const [index, a] of worldFilters.entries()) {
    for (const b of worldFilters.slice(index % 3).filter((_, place) => place % 3 === 0)) {
      const both = filterIntersection(a, b);
      expect(both === null ? 0n : topicSet(both)).toBe(topicSet(a) & topicSet(b));
    }
  }
});
