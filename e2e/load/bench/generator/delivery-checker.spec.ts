import { expect, test } from 'vitest';
import { DeliveryChecker } from './delivery-checker.js';

test.each([
  ['all in order', [1, 2, 3], { lost: 0, repeated: 0, disordered: 0 }],
  ['one missing in the middle', [1, 3], { lost: 1, repeated: 0, disordered: 0 }],
  ['the last one missing', [1, 2], { lost: 1, repeated: 0, disordered: 0 }],
  ['nothing at all', [], { lost: 3, repeated: 0, disordered: 0 }],
  ['one twice', [1, 2, 2, 3], { lost: 0, repeated: 1, disordered: 0 }],
  ['two the wrong way round', [2, 1, 3], { lost: 0, repeated: 0, disordered: 1 }],
  ['a late one twice', [3, 2, 2, 1], { lost: 0, repeated: 1, disordered: 2 }],
  ['one late, one lost', [3, 1], { lost: 1, repeated: 0, disordered: 1 }],
])('%s', (_, sequences, expected) => {
  const checker = new DeliveryChecker(2);
  for (const sequence of sequences) checker.take(1, sequence);
  const { repeated, disordered, delivered } = checker;
  expect({ lost: checker.lost(1, 3), repeated, disordered }).toEqual(expected);
  expect(delivered).toBe(sequences.length);
});

test('streams do not mix', () => {
  const checker = new DeliveryChecker(2);
  checker.take(0, 1);
  expect([checker.lost(0, 1), checker.lost(1, 1)]).toEqual([0, 1]);
});
