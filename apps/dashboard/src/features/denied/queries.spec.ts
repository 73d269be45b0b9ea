import { expect, test, vi } from 'vitest';
import { refusalsList, refusalsOf } from './queries.js';

test('what was known of refusals is found again when a minute has passed', () => {
  const keys = () => [refusalsList({ range: '1h' }, { isLive: true }).queryKey, refusalsOf('pump-7').queryKey];
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-01T12:00:59Z') });
  const before = keys();
  vi.setSystemTime(new Date('2026-01-01T12:01:01Z'));
  expect(keys()).toEqual(before);
});
