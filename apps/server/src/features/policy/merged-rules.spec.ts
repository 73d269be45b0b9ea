import { expect, test } from 'vitest';
import { mergedById } from './merged-rules.js';

const list = (text: string) => [...text].map((id) => ({ id, from: 'here' }));
const file = (text: string) => [...text].map((id) => ({ id, from: 'file' }));
const idsOf = (items: readonly { id: string }[]) => items.map(({ id }) => id).join('');

test.each([
  ['abc', 'abc', 'abc', 'nothing new changes no order'],
  ['abc', 'axc', 'axbc', 'what is new follows what it follows in the file'],
  ['abc', 'xyb', 'axybc', 'what comes before the first that both have, comes before it here'],
  ['abc', 'cxa', 'abcx', 'the order of those that are here wins'],
  ['abc', 'xy', 'abcxy', 'without any that both have: at the end'],
  ['', 'xy', 'xy', 'an empty list takes the order of the file'],
])('%s and %s of the file make %s: %s', (here, there, merged) => {
  expect(idsOf(mergedById(list(here), file(there)))).toBe(merged);
});

test('what both have is as the file says', () => {
  expect(mergedById(list('ab'), file('b'))).toEqual([
    { id: 'a', from: 'here' },
    { id: 'b', from: 'file' },
  ]);
});
