import { expect, test } from 'vitest';
import { backOffMs } from './back-off.js';

test('the wait doubles up to the limit, and is never less than half of it', () => {
  const limits = { minMs: 500, maxMs: 30_000 };
  for (const [attempt, full] of [
    [1, 500],
    [2, 1000],
    [4, 4000],
    [7, 30_000],
    [5000, 30_000],
  ] as const) {
    for (let i = 0; i < 50; i++) {
      const waitMs = backOffMs(attempt, limits);
      expect(waitMs).toBeGreaterThanOrEqual(full / 2);
      expect(waitMs).toBeLessThanOrEqual(full);
    }
  }
});
