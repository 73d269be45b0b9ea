import { expect, test } from 'vitest';
import { exactJsonOf, prettyJson, WrittenNumber } from './exact-json.js';

const exact = String.raw`{"id":18446744073709551615,"at":1763805600123456789,"t":21.5,"far":1e400,"s":"12345678901234567890 \" 1e9"}`;

test('numbers that JavaScript would change are as they were written, others are numbers, and strings stay', () => {
  expect(exactJsonOf(exact)).toEqual({
    id: new WrittenNumber('18446744073709551615'),
    at: new WrittenNumber('1763805600123456789'),
    t: 21.5,
    far: new WrittenNumber('1e400'),
    s: '12345678901234567890 " 1e9',
  });
  expect(exactJsonOf('{"id":}')).toBeUndefined();
  expect(exactJsonOf(null)).toBeUndefined();
});

test('what is too deep to be walked through is JSON all the same', () => {
  expect(exactJsonOf(`${'['.repeat(20_000)}1e400${']'.repeat(20_000)}`)).toBeInstanceOf(Array);
});

test.each(['{"a":[1,{"b":[]},{}],"c":null}', '[]', '[[],[1,2],"x"]', '"a, b: {c}"', '{ "a" : 1 }', '21.5', '[true]'])(
  '%s is indented as everybody does it',
  (text) => expect(prettyJson(text)).toBe(JSON.stringify(JSON.parse(text), null, 2)),
);

test('indenting keeps numbers and names as they were written, also one that stands twice', () => {
  expect(prettyJson('{"id":18446744073709551615,"id":1.50}')).toBe('{\n  "id": 18446744073709551615,\n  "id": 1.50\n}');
  expect(prettyJson('{')).toBeNull();
});
