import { expect, test } from 'vitest';
import { KnownBytes } from './known-bytes.js';

const chunk = Buffer.from('..abcdefghijk..');

test.each([1, 2, 3, 4, 5, 8, 9, 11])('%i bytes are known wherever they stand, also in another chunk', (length) => {
  const known = new KnownBytes(chunk.subarray(2, 2 + length));
  expect(known.isAt(chunk, 2)).toBe(true);
  expect(known.isAt(chunk, 1)).toBe(false);
  expect(known.isAt(Buffer.concat([Buffer.from('-'), chunk]), 3)).toBe(true);
  expect(known.isAt(chunk, 2)).toBe(true);
});

test.each([1, 2, 3, 4, 5, 8, 9, 11])('of %i bytes none may differ', (length) => {
  const known = new KnownBytes(chunk.subarray(2, 2 + length));
  for (let i = 0; i < length; i++) {
    const other = Buffer.from(chunk);
    other[2 + i]! ^= 0x80;
    expect(known.isAt(other, 2), `byte ${i}`).toBe(false);
  }
});
