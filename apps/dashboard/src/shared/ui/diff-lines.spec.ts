import { expect, test } from 'vitest';
import { diffLines } from './diff-lines.js';

const signs = { same: ' ', removed: '-', added: '+' };

function diff(before: string, after: string): string {
  return diffLines([...before], [...after])
    .map(({ kind, text }) => (signs[kind] + text).trim())
    .join(' ');
}

test('unchanged lines stay, changed ones are removed and added in place', () => {
  expect(diff('abc', 'abc')).toBe('a b c');
  expect(diff('abc', 'axc')).toBe('a -b +x c');
  expect(diff('', 'ab')).toBe('+a +b');
  expect(diff('ab', '')).toBe('-a -b');
});

test('a line put in front does not change those behind it', () => {
  expect(diff('bcd', 'abcd')).toBe('+a b c d');
  expect(diff('abcde', 'acxe')).toBe('a -b c -d +x e');
});

test('two texts too long to compare are shown as removed and added', () => {
  const before = Array.from({ length: 1100 }, (_, index) => `a${index}`);
  const after = Array.from({ length: 1100 }, (_, index) => `b${index}`);
  const kinds = diffLines(before, after).map(({ kind }) => kind);
  expect(kinds.slice(0, 1100).every((kind) => kind === 'removed')).toBe(true);
  expect(kinds.slice(1100).every((kind) => kind === 'added')).toBe(true);
});
