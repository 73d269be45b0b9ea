import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FirstByKey } from './first-by-key.js';

test('it keeps the items that sorting them all would put first', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 8 }), (keys, limit) => {
      const first = new FirstByKey<{ key: string }>(limit, ({ key }) => key);
      for (const key of keys) first.offer({ key });
      const sorted = [...keys].sort().slice(0, limit);
      expect(first.inOrder.map(({ key }) => key)).toEqual(sorted);
    }),
  );
});
