import { expect, test } from 'vitest';
import type { Message } from '../message.js';
import { RetainedIndex } from './retained-index.js';

test('a filter that matches nothing among many does not hold up the turn in which it is asked', () => {
  const index = new RetainedIndex();
  for (let i = 0; i < 20_000; i++) index.set({ topic: `t/${i}`, payload: Buffer.from('x') } as Message);
  const found = [...index.search('+/+/x')];
  expect(found.filter((message) => message !== null)).toEqual([]);
  expect(found.length).toBeGreaterThanOrEqual(4);
});
