import { expect, test } from 'vitest';
import { bigintArray, booleanArray, intArray, smallintArray, textArray } from './pg-array.js';

const INT8 = '00000014';
const TEXT = '00000019';
const NULL = 'ffffffff';

/** One dimension, whether there are nulls, the type, how many, from 1 on; then each with its length. */
function arrayOf(type: string, elements: readonly string[]): string {
  const hasNull = elements.includes(NULL) ? 1 : 0;
  return ['00000001', `0000000${hasNull}`, type, `0000000${elements.length}`, '00000001', ...elements].join('');
}

test.each([
  ['nothing', textArray([]), arrayOf(TEXT, [])],
  [
    'text',
    textArray(['a', 'ä', 'ä', null, '', 'ä']),
    arrayOf(TEXT, ['0000000161', '00000002c3a4', '00000002c3a4', NULL, '00000000', '00000002c3a4']),
  ],
  ['only nulls', textArray([null]), arrayOf(TEXT, [NULL])],
  [
    'large and negative numbers',
    bigintArray([-1, 2 ** 53 - 1, null, 5]),
    arrayOf(INT8, ['00000008ffffffffffffffff', '00000008001fffffffffffff', NULL, '000000080000000000000005']),
  ],
  ['numbers', intArray([-2]), arrayOf('00000017', ['00000004fffffffe'])],
  ['small numbers', smallintArray([258]), arrayOf('00000015', ['000000020102'])],
  ['truth', booleanArray([true, false]), arrayOf('00000010', ['0000000101', '0000000100'])],
])('%s is written as Postgres reads it', (_, bytes, hex) => {
  expect(bytes.toString('hex')).toBe(hex);
});

test('a number that does not fit is refused, and not cut', () => {
  expect(() => intArray([2 ** 31])).toThrow(RangeError);
  expect(() => smallintArray([2 ** 15])).toThrow(RangeError);
  expect(() => bigintArray([2 ** 63])).toThrow(RangeError);
});
