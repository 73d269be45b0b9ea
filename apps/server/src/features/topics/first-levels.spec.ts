import { expect, test } from 'vitest';
import { FirstLevels } from './first-levels.js';

const NAMES = Array.from({ length: 50 }, (_, i) => `level ${String((i * 37) % 50).padStart(2, '0')}`);

test('the first levels by name are kept with all that was counted of them, in whatever order they come', () => {
  const levels = new FirstLevels(10);
  for (const name of [...NAMES, ...NAMES]) {
    const counts = levels.get(name);
    if (counts) counts.subscribers++;
  }
  expect(levels.inOrder().map(([name, { subscribers }]) => [name, subscribers])).toEqual(
    NAMES.toSorted()
      .slice(0, 10)
      .map((name) => [name, 2]),
  );
  expect(levels.isCut).toBe(true);
});

test('nothing is left out where all find a place', () => {
  const levels = new FirstLevels(10);
  for (const name of NAMES.slice(0, 10)) levels.get(name);
  expect([levels.inOrder().length, levels.isCut]).toEqual([10, false]);
});
