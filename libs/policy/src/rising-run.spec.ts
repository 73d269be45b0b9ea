import { expect, test } from 'vitest';
import { longestRisingRun } from './rising-run.js';

test('the items that stayed are the longest rising run', () => {
  expect([...longestRisingRun([3, 0, 1, 2])].sort()).toEqual([1, 2, 3]);
  expect([...longestRisingRun([])]).toEqual([]);
});
