import { expect, test } from 'vitest';
import { KeepAlive } from './keep-alive.js';
import { FakeClock } from './testing/fake-clock.js';
import { mqttClient, newBroker } from './testing/index.js';

test('a link that has closed is let go soon, however long its keep-alive', () => {
  const clock = new FakeClock();
  const keepAlive = new KeepAlive(clock);
  const dueAt = clock.uptime() + 65_535 * 1500;
  const watched = { dueAt, isClosed: false, lookTick: 0, expired: () => expect.fail('expired') };
  keepAlive.watch(watched);
  clock.advance(60_000);
  expect(keepAlive.size).toBe(1);
  watched.isClosed = true;
  clock.advance(60_000);
  expect(keepAlive.size).toBe(0);
});

test('a link that is due sooner than before is looked at in time, and once', () => {
  const clock = new FakeClock();
  const keepAlive = new KeepAlive(clock);
  const expiredAt: number[] = [];
  const start = clock.uptime();
  const watched = {
    dueAt: start + 10_000,
    isClosed: false,
    lookTick: 0,
    expired: () => expiredAt.push(clock.uptime()),
  };
  keepAlive.watch(watched);
  watched.dueAt = start + 3000;
  keepAlive.watch(watched);
  clock.advance(60_000);
  expect(expiredAt).toHaveLength(1);
  expect(expiredAt[0]! - start).toBeGreaterThanOrEqual(3000);
  expect(expiredAt[0]! - start).toBeLessThanOrEqual(4001);
  expect(keepAlive.size).toBe(0);
});

test('a link that was put off is looked at again, and one that is never due is not', () => {
  const clock = new FakeClock();
  const keepAlive = new KeepAlive(clock);
  let expired = 0;
  const watched = { dueAt: clock.uptime() + 5000, isClosed: false, lookTick: 0, expired: () => expired++ };
  keepAlive.watch(watched);
  for (let i = 0; i < 10; i++) {
    clock.advance(4000);
    watched.dueAt = clock.uptime() + 5000;
  }
  expect(expired).toBe(0);
  watched.dueAt = Number.POSITIVE_INFINITY;
  keepAlive.watch(watched);
  clock.advance(60_000);
  expect([expired, keepAlive.size]).toEqual([0, 0]);
});

test('a clock that is set forwards or back ends nobody, and keeps nobody', () => {
  const it = newBroker();
  const alive = mqttClient(it, { keepalive: 10 });
  const silent = mqttClient(it, { keepalive: 60 });
  it.clock.set(it.clock.now() + 86_400_000);
  it.clock.advance(8000);
  alive.send({ cmd: 'pingreq' });
  it.clock.set(it.clock.now() - 7 * 86_400_000);
  it.clock.advance(8000);
  expect([alive.isClosed, silent.isClosed]).toEqual([false, false]);
  it.clock.advance(90_000);
  expect([alive.isClosed, silent.isClosed]).toEqual([true, true]);
});
