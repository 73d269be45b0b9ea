import { expect, test } from 'vitest';
import { dropPosition } from './drop-position.js';

test.each([
  [0, 2, 'upper', 1],
  [0, 2, 'lower', 2],
  [3, 1, 'upper', 1],
  [3, 1, 'lower', 2],
  [1, 1, 'lower', 1],
] as const)('item %i dropped on the %s %s half lands at %i', (from, onto, half, expected) => {
  expect(dropPosition(from, onto, half)).toBe(expected);
});
