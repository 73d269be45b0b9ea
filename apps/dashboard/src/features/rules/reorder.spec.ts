import { expect, test } from 'vitest';
import { dropPosition, moveRules } from './reorder.js';

const items = ['a', 'b', 'c', 'd'].map((id) => ({ id }));
const moved = (ids: string[], to: number) =>
  moveRules(items, ids, to)
    .map((item) => item.id)
    .join('');

test.each([
  [['a'], 3, 'bcda'],
  [['d'], 0, 'dabc'],
  [['b'], 2, 'acbd'],
  [['a', 'c'], 1, 'bacd'],
  [['a'], 99, 'bcda'],
  [['d'], -5, 'dabc'],
])('%j to %i gives %s', (ids, to, expected) => {
  expect(moved(ids, to)).toBe(expected);
});

test.each([
  [0, 2, 'upper', 1],
  [0, 2, 'lower', 2],
  [3, 1, 'upper', 1],
  [3, 1, 'lower', 2],
  [1, 1, 'lower', 1],
] as const)('item %i dropped on the %s %s half lands at %i', (from, onto, half, expected) => {
  expect(dropPosition(from, onto, half)).toBe(expected);
});
