import { expect, test } from 'vitest';
import { KeepAlive } from './keep-alive.js';
import { FakeClock } from './testing/fake-clock.js';
import { mqttClient, newBroker } from './testing/index.js';

test('a link that has closed is let go soon, however long its keep-alive', () => {
  const clock = new FakeClock();
  const keepAlive = new KeepAlive(clock);
  const watched = { lastReceivedAt: clock.uptime(), isClosed: false, expired: () => expect.fail('expired') };
  keepAlive.watch(watched, 65_535 * 1500);
  clock.advance(60_000);
  expect(keepAlive.size).toBe(1);
  watched.isClosed = true;
  clock.advance(60_000);
  expect(keepAlive.size).toBe(0);
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
