import { expect, test, vi } from 'vitest';
import { lastRefusals, whoJustMoved } from './queries.js';

test('what was known of the last minutes is found again when another one has passed', () => {
  const keys = () => [whoJustMoved().queryKey, lastRefusals().queryKey];
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-01T12:00:59Z') });
  const before = keys();
  vi.setSystemTime(new Date('2026-01-01T12:01:01Z'));
  expect(keys()).toEqual(before);
});
