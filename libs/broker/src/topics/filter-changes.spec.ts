import { filterMatches } from '@perch/policy';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anyPlainFilter, anyTopic } from '../testing/topic-arbitraries.js';
import { FilterChanges } from './filter-changes.js';
import { isWildcard } from './levels.js';

test('a topic is concerned by every later change of a filter that matches it', () => {
  fc.assert(
    fc.property(fc.array(anyPlainFilter.filter(isWildcard), { maxLength: 8 }), anyTopic, (filters, topic) => {
      const changes = new FilterChanges();
      filters.forEach((filter) => changes.note(filter));
      expect(changes.count).toBe(filters.length);
      for (let seen = 0; seen <= filters.length; seen++) {
        const isMatched = filters.slice(seen).some((filter) => filterMatches(filter, topic));
        if (isMatched) expect(changes.concern(topic, seen)).toBe(true);
      }
      expect(changes.concern(topic, filters.length)).toBe(false);
    }),
  );
});

test('changes elsewhere concern no topic', () => {
  const changes = new FilterChanges();
  for (let n = 0; n < 100; n++) changes.note(`plant/${n}/+/state`);
  const concerned = Array.from({ length: 100 }, (_, n) => changes.concern(`depot/${n}/a/state`, 0));
  expect(concerned.filter(Boolean).length).toBeLessThan(20);
  expect(changes.concern('plant/7/pump/state', 0)).toBe(true);
});
