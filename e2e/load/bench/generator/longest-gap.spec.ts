import { expect, test } from 'vitest';
import { LongestGap } from './longest-gap.js';

test('the longest wait of any link counts, whatever the others were sent meanwhile', () => {
  const gap = new LongestGap(2);
  gap.begin(1_000);
  gap.came(0, 1_100);
  gap.came(0, 1_200);
  gap.came(1, 1_700);
  gap.came(0, 1_750);
  expect(gap.end(1_800)).toBe(700);
});

test('a link that was sent nothing at all has waited all the time', () => {
  const gap = new LongestGap(2);
  gap.begin(1_000);
  for (let us = 1_100; us <= 5_000; us += 100) gap.came(0, us);
  expect(gap.end(5_000)).toBe(4_000);
});

test('what was before the beginning does not count, and the clock may wrap round', () => {
  const gap = new LongestGap(1);
  gap.begin(0);
  gap.came(0, 90_000);
  gap.begin(0xffff_fff0);
  gap.came(0, 16);
  expect(gap.end(20)).toBe(32);
});
