import { expect, test } from 'vitest';
import { RecentVerdicts } from './recent-verdicts.js';
import { plainVerdict } from './verdict.js';

test('no client makes the broker remember more than 32 topics of 128 characters', () => {
  const recent = new RecentVerdicts();
  const verdict = plainVerdict(true, 'r1');
  let largest = 0;
  for (let n = 0; n < 1_000; n += 1) {
    recent.remember(`topic/${n}`, verdict);
    largest = Math.max(largest, recent.size);
    expect(recent.get(`topic/${n}`)).toBe(verdict);
  }
  expect(largest).toBe(32);
  recent.remember('x'.repeat(129), verdict);
  expect(recent.get('x'.repeat(129))).toBeUndefined();
});
