import { expect, test } from 'vitest';
import { Histogram } from './histogram.js';

test.each([0, 1, 255, 256, 257, 511, 512, 9999, 123_456, 4_000_000_000])('%d µs is told within 0.8 %%', (us) => {
  const histogram = new Histogram();
  histogram.add(us);
  expect(Math.abs(histogram.quantile(0.5) - us)).toBeLessThanOrEqual(us * 0.008);
});

test('a quantile is the value below which that share lies', () => {
  const histogram = new Histogram();
  for (let us = 0; us < 200; us++) histogram.add(us);
  expect([0.5, 0.99, 1].map((q) => histogram.quantile(q))).toEqual([100, 198, 199]);
});

test('after being cleared it is empty', () => {
  const histogram = new Histogram();
  histogram.add(5);
  histogram.clear();
  expect(histogram.figures('ack')).toEqual({});
});
