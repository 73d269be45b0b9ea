import { expect, test, vi } from 'vitest';
import { RingLog } from './ring-log.js';

const logOf = (entries: number, bytes: number) => new RingLog<{ size: number }>({ entries, bytes }, ({ size }) => size);

test('keeps the newest lines within both bounds, the newest first, and counts what left', () => {
  vi.useFakeTimers();
  const log = logOf(3, 100);
  const lines = [10, 20, 30, 40].map((size) => ({ size }));
  for (const line of lines) log.push(line);
  vi.runAllTimers();
  expect(log.snapshot()).toEqual([{ size: 40 }, { size: 30 }, { size: 20 }]);
  log.push({ size: 60 });
  vi.runAllTimers();
  expect(log.snapshot()).toEqual([{ size: 60 }, { size: 40 }]);
  log.push({ size: 500 });
  vi.runAllTimers();
  expect(log.snapshot()).toEqual([{ size: 500 }]);
  expect(log.dropped).toBe(5);
  vi.useRealTimers();
});

test('watchers hear of a burst once, and see the same array until then', () => {
  vi.useFakeTimers();
  const log = logOf(10, 100);
  const watcher = vi.fn();
  const stop = log.watch(watcher);
  const before = log.snapshot();
  for (let size = 0; size < 5; size += 1) log.push({ size });
  expect(log.snapshot()).toBe(before);
  vi.runAllTimers();
  expect(watcher).toHaveBeenCalledTimes(1);
  expect(log.snapshot()).toHaveLength(5);
  stop();
  log.clear();
  vi.runAllTimers();
  expect(watcher).toHaveBeenCalledTimes(1);
  expect(log.snapshot()).toEqual([]);
  vi.useRealTimers();
});
