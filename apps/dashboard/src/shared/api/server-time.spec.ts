import { afterEach, expect, test, vi } from 'vitest';
import { noteServerTime, serverNow } from './server-time.js';

afterEach(() => {
  noteServerTime(new Date().toUTCString());
  vi.useRealTimers();
});

test('a browser whose clock goes wrong takes the time of the server; small differences are none', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-01T12:00:00.900Z') });
  noteServerTime('Thu, 01 Jan 2026 12:00:02 GMT');
  expect(serverNow()).toBe(Date.now());
  noteServerTime('Thu, 01 Jan 2026 07:00:00 GMT');
  expect(new Date(serverNow()).toISOString()).toBe('2026-01-01T07:00:00.000Z');
  noteServerTime('Thu, 01 Jan 2026 07:00:01 GMT');
  expect(new Date(serverNow()).toISOString()).toBe('2026-01-01T07:00:00.000Z');
  noteServerTime(null);
  noteServerTime('nonsense');
  expect(new Date(serverNow()).toISOString()).toBe('2026-01-01T07:00:00.000Z');
});
