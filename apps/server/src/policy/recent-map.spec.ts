import { expect, test } from 'vitest';
import { RecentMap } from './recent-map.js';

test('what was used least recently goes at the bound', () => {
  const map = new RecentMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  expect(map.get('a')).toBe(1);
  map.set('c', 3);
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3]);
});

test('looking at a value does not use it', () => {
  const map = new RecentMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  expect(map.peek('a')).toBe(1);
  map.set('c', 3);
  expect([map.peek('a'), map.peek('b')]).toEqual([undefined, 2]);
});

test('entries go by their values', () => {
  const map = new RecentMap<string, number>(3);
  for (const [key, value] of Object.entries({ a: 1, b: 2, c: 1 })) map.set(key, value);
  map.deleteWhere((value) => value === 1);
  expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([undefined, 2, undefined]);
});
