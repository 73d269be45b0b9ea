import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { repeat } from './repeater.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const start = (over: Partial<Parameters<typeof repeat>[0]> = {}) => {
  const sent: number[] = [];
  const onProgress = vi.fn();
  const stop = repeat({
    count: 3,
    perSecond: 10,
    send: (n) => sent.push(n),
    isHeld: () => false,
    onProgress,
    ...over,
  });
  return { sent, onProgress, stop };
};

test('sends so many, one after the other, and says when it is done', () => {
  const { sent, onProgress } = start();
  expect(sent).toEqual([1]);
  vi.advanceTimersByTime(100);
  expect(onProgress).toHaveBeenLastCalledWith({ sent: 2, total: 3 });
  vi.advanceTimersByTime(1000);
  expect(sent).toEqual([1, 2, 3]);
  expect(onProgress).toHaveBeenLastCalledWith(null);
});

test('waits while answers are missing, and stops when told', () => {
  let isHeld = false;
  const { sent, stop } = start({ count: 100, isHeld: () => isHeld });
  isHeld = true;
  vi.advanceTimersByTime(1000);
  expect(sent).toEqual([1]);
  isHeld = false;
  vi.advanceTimersByTime(100);
  stop();
  vi.advanceTimersByTime(1000);
  expect(sent).toEqual([1, 2]);
});

test('neither more than 10,000 nor faster than 100 a second', () => {
  const { sent } = start({ count: 1_000_000, perSecond: 1_000_000 });
  vi.advanceTimersByTime(1000);
  expect(sent).toHaveLength(101);
  vi.advanceTimersByTime(200_000);
  expect(sent).toHaveLength(10_000);
});
