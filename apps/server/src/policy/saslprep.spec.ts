import { expect, test } from 'vitest';
import { saslPrep } from './saslprep.js';

test.each([
  ['I\u00adX', 'IX', 'a soft hyphen is mapped to nothing'],
  ['user', 'user', 'nothing to do'],
  ['USER', 'USER', 'case is kept'],
  ['\u00aa', 'a', 'NFKC'],
  ['\u2168', 'IX', 'NFKC'],
  ['a\u00a0b', 'a b', 'every space is a space'],
  ['\u0627\u0644\u0639', '\u0627\u0644\u0639', 'right to left throughout'],
  ['', '', 'nothing at all'],
])('%j is prepared as %j: %s (RFC 4013 section 3)', (text, prepared) => {
  expect(saslPrep(text)).toBe(prepared);
});

test.each([
  ['\u0007', 'a control'],
  ['a\u0085', 'a control beyond ASCII'],
  ['\u0627\u0031', 'right to left, but not at its end'],
  ['\u0627a\u0627', 'both directions'],
  ['\ue000', 'private use'],
  ['\ufdd0', 'no character'],
  ['\ud800', 'half of a character'],
  ['a\u202eb', 'an override of the direction'],
  ['\u{e0001}', 'a tag'],
])('%j is refused: %s', (text) => {
  expect(saslPrep(text)).toBeNull();
});
