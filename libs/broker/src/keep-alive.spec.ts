import { expect, test } from 'vitest';
import { KeepAlive } from './keep-alive.js';
import { FakeClock } from './testing/fake-clock.js';

test('a link that has closed is let go soon, however long its keep-alive', () => {
  const clock = new FakeClock();
  const keepAlive = new KeepAlive(clock);
  const watched = { lastReceivedAt: clock.now(), isClosed: false, expired: () => expect.fail('expired') };
  keepAlive.watch(watched, 65_535 * 1500);
  clock.advance(60_000);
  expect(keepAlive.size).toBe(1);
  watched.isClosed = true;
  clock.advance(60_000);
  expect(keepAlive.size).toBe(0);
});
