import { expect, test } from 'vitest';
import { Leaders } from './leaders.js';

test('the few with the most are kept in order, whatever the order they come in', () => {
  const leaders = new Leaders<number>(3, (item) => item);
  for (const item of [2, 9, 1, 7, 7, 3]) leaders.offer(item);
  expect(leaders.inOrder).toEqual([9, 7, 7]);
});
