import { expect, test } from 'vitest';
import { isMany } from './use-guard.js';

test.each([
  [1, 1, false],
  [4, 4, false],
  [5, 5, true],
  [5, 100, false],
  [6, 100, true],
  [50, 1_000, false],
  [51, 10_000, true],
])('a save that takes something from %d of %d clients asks for their number: %s', (losing, total, asks) => {
  expect(isMany({ clients: { losing, total } as Parameters<typeof isMany>[0]['clients'] })).toBe(asks);
});
