import { expect, test } from 'vitest';
import { filterMatcher } from './filter-matcher.js';

test.each([
  ['a/b', 'a/b', true],
  ['a/b', 'a/b/c', false],
  ['a/+', 'a/b', true],
  ['a/+', 'a', false],
  ['a/+', 'a/', true],
  ['a/+', 'a/b/c', false],
  ['+', 'a', true],
  ['+', '/a', false],
  ['/+', '/a', true],
  ['+/+', '/a', true],
  ['a/#', 'a', true],
  ['a/#', 'a/b/c', true],
  ['a/#', 'ab', false],
  ['#', 'a/b', true],
  ['#', '$SYS/uptime', false],
  ['+/uptime', '$SYS/uptime', false],
  ['$SYS/#', '$SYS/uptime', true],
  ['$SYS/+', '$SYS/uptime', true],
  ['a+', 'a+', true],
  ['$share/group/a/+', 'a/b', true],
  ['$share/group/a/+', '$share/group/a/b', false],
] as const)('%s on %s: %s', (filter, topic, expected) => {
  expect(filterMatcher(filter)(topic)).toBe(expected);
});
