import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.js';

const rate = { perSecond: 10, burst: 20 };

test('lets a burst pass, then so many a second', () => {
  const bucket = new TokenBucket(rate, 0);
  const passed = (now: number) => {
    let count = 0;
    while (bucket.tryTake(1, now)) count++;
    return count;
  };
  expect(passed(0)).toBe(20);
  expect(passed(99)).toBe(0);
  expect(passed(1000)).toBe(10);
  expect(passed(60_000)).toBe(20);
});

test('gives credit, and says when it is paid back', () => {
  const bucket = new TokenBucket(rate, 0);
  expect(bucket.take(20, 0)).toBe(0);
  expect(bucket.take(5, 0)).toBe(500);
  expect(bucket.take(5, 250)).toBe(750);
  expect(bucket.tryTake(0, 999)).toBe(false);
  expect(bucket.tryTake(0, 1000)).toBe(true);
});

test('is as good as new after a rest', () => {
  const bucket = new TokenBucket(rate, 0);
  bucket.take(20, 0);
  expect(bucket.isFull(1999)).toBe(false);
  expect(bucket.isFull(2000)).toBe(true);
});

test('never lets more pass than a burst and its rate, whenever it is asked', () => {
  const asks = fc.array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 15 })));
  fc.assert(
    fc.property(asks, (steps) => {
      const bucket = new TokenBucket(rate, 0);
      let [now, passed] = [0, 0];
      for (const [pause, amount] of steps) {
        now += pause;
        if (bucket.tryTake(amount, now)) passed += amount;
        expect(passed).toBeLessThanOrEqual(rate.burst + (now / 1000) * rate.perSecond + 1e-6);
      }
    }),
  );
});
