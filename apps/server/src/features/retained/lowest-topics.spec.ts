import type { Message } from '@perch/broker';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LowestTopics } from './lowest-topics.js';

test('it keeps the topics that sorting them all would put first', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 8 }), (topics, limit) => {
      const lowest = new LowestTopics(limit);
      for (const topic of topics) lowest.offer({ topic } as Message);
      const sorted = [...topics].sort().slice(0, limit);
      expect(lowest.inOrder.map(({ topic }) => topic)).toEqual(sorted);
    }),
  );
});
