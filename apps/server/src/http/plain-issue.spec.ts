import { expect, test } from 'vitest';
import { z } from 'zod';
import { inPlainWords } from './plain-issue.js';

function said(schema: z.ZodType, value: unknown): string | undefined {
  return schema.safeParse(value, inPlainWords).error?.issues[0]?.message;
}

test.each([
  ['a field that is not there', z.object({ topic: z.string() }), {}, 'is missing'],
  ['a choice that is not there', z.object({ qos: z.enum(['0', '1']) }), {}, 'is missing'],
  ['one of two kinds that is not there', z.object({ a: z.union([z.string(), z.array(z.string())]) }), {}, 'is missing'],
  ['text in place of a number', z.number(), 'seven', 'must be a number'],
  ['a list in place of an object', z.object({}), [], 'must be an object'],
  ['a number in place of text', z.string(), 7, 'must be text'],
  ['a broken number', z.int(), 1.5, 'must be a whole number'],
  ['no text', z.string().min(1), '', 'must not be empty'],
  ['too little text', z.string().min(3), 'ab', 'must have at least 3 characters'],
  ['too much text', z.string().max(1), 'ab', 'must have at most 1 character'],
  ['an empty list', z.array(z.string()).min(1), [], 'must not be empty'],
  ['too long a list', z.array(z.string()).max(2), ['a', 'b', 'c'], 'must have at most 2 items'],
  ['too small a number', z.number().min(1), 0, 'must be at least 1'],
  ['a number at the bound', z.number().gt(1), 1, 'must be more than 1'],
  ['too large a number', z.number().max(9), 10, 'must be at most 9'],
  ['a word that is none of a list', z.enum(['text', 'base64']), 'hex', 'must be text or base64'],
  ['a number that is none of three', z.union([z.literal(0), z.literal(1), z.literal(2)]), 9, 'must be 0, 1 or 2'],
  ['neither of two kinds', z.union([z.string(), z.array(z.string())]), 9, 'must be text or a list'],
  [
    'a kind that nobody knows',
    z.discriminatedUnion('k', [z.object({ k: z.literal('a') })]),
    { k: 'b' },
    'is not valid',
  ],
  ['a field that nobody knows', z.strictObject({ a: z.string() }), { a: '', size: 1 }, 'does not know size'],
  ['a word as a time', z.iso.datetime(), 'soon', 'must be a time, as 2027-01-31T12:00:00Z'],
  ['what a pattern refuses', z.string().regex(/^a/), 'b', 'is not well formed'],
])('%s is told in plain words', (_, schema, value, words) => {
  expect(said(schema, value)).toBe(words);
});

test('what a schema says itself is left as it is', () => {
  expect(said(z.string().min(6, 'must have at least 6 characters'), 'a')).toBe('must have at least 6 characters');
});
