import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exampleTopic, topicOutside } from './example-topic.js';
import { spellOut } from './levels.js';
import { oracleMatches, topicSet, worldFilters } from './testing/oracle.js';

const anyFilter = fc.constantFrom(...worldFilters);

test.each([
  ['secret/#', '+/keys', 'secret/keys'],
  ['secret/#', '#', 'secret/x'],
  ['a/+', '+/b', 'a/b'],
  ['a/#', 'a', 'a'],
  ['+/x', 'x/+', 'x/x'],
  ['#', '$SYS/#', null],
  ['a', 'b', null],
  ['a#', '#', null],
])('a topic in both %s and %s: %s', (a, b, expected) => {
  expect(exampleTopic(a, b)).toBe(expected);
});

test('there is an example exactly where two filters overlap, and both match it', () => {
  fc.assert(
    fc.property(anyFilter, anyFilter, (a, b) => {
      const example = exampleTopic(a, b);
      expect(example !== null).toBe((topicSet(a) & topicSet(b)) !== 0n);
      if (example !== null) expect([oracleMatches(a, example), oracleMatches(b, example)]).toEqual([true, true]);
    }),
    { numRuns: 300 },
  );
});

test('a topic outside of the denies is found where there is one', () => {
  fc.assert(
    fc.property(anyFilter, fc.array(anyFilter, { maxLength: 6 }), (filter, denied) => {
      const topic = topicOutside(spellOut(filter), denied.map(spellOut));
      const left = denied.reduce((set, each) => set & ~topicSet(each), topicSet(filter));
      if (topic === null) expect(left).toBe(0n);
      else {
        expect(oracleMatches(filter, topic)).toBe(true);
        expect(denied.filter((each) => oracleMatches(each, topic))).toEqual([]);
      }
    }),
    { numRuns: 500 },
  );
});
