import { FakeClock } from '@perch/broker/testing';
import { expect, test } from 'vitest';
import { Bridge } from './bridge.js';
import { sessionEvent } from './bridge-event.js';
import type { Batch, Destination, Setback } from './destination.js';

const session = (clientId: string) => ({ clientId, identity: { clientId, username: null, address: null } });
const connect = (clientId: string) => sessionEvent('connect', session(clientId));

const usual = {
  queueEvents: 4,
  queueBytes: 100_000,
  lingerMs: 100,
  retryFromMs: 1_000,
  retryToMs: 8_000,
  giveUpSeconds: 60,
};

/** A bridge to a destination that answers as the test says. */
function aBridge(settings: Partial<typeof usual> = {}) {
  const clock = new FakeClock();
  const batches: Batch[] = [];
  const told: (string | null)[] = [];
  const server = { answer: null as Setback | null };
  const destination: Destination = {
    batchEvents: 2,
    batchBytes: 10_000,
    circuit: null,
    encode: ({ seq, clientid }) => `${seq}:${clientid}`,
    send: (batch) => {
      batches.push(batch);
      return Promise.resolve(server.answer);
    },
    close: () => Promise.resolve(),
  };
  const changed = (problem: string | null) => told.push(problem);
  const bridge = new Bridge({ settings: { ...usual, ...settings }, destination, clock, changed });
  const pass = async (ms: number) => {
    clock.advance(ms);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return { bridge, batches, told, server, pass, clock };
}

const down: Setback = { problem: 'It is away.', isFinal: false };

test('sends what happened in order, a batch at a time, after it has waited a little for more', async () => {
  const { bridge, batches, pass } = aBridge();
  for (const name of ['a', 'b', 'c']) bridge.offer(connect(name));
  await pass(99);
  expect(batches).toEqual([]);
  await pass(1);
  await pass(0);
  expect(batches.map(({ lines }) => lines)).toEqual([['1:a', '2:b'], ['3:c']]);
  expect([bridge.sent, bridge.queued, bridge.queuedBytes, bridge.failed]).toEqual([3, 0, 0, 0]);
});

test('tries the same batch again with a growing pause, and says once that it fails and once that it works', async () => {
  const { bridge, batches, told, server, pass, clock } = aBridge();
  server.answer = down;
  bridge.offer(connect('a'));
  await pass(100);
  const tries: number[] = [];
  for (const longest of [1_000, 2_000, 4_000, 8_000, 8_000]) {
    const before = batches.length;
    await pass(longest / 2 - 1);
    expect(batches).toHaveLength(before);
    await pass(longest / 2 + 1);
    tries.push(batches.length - before);
  }
  expect(tries).toEqual([1, 1, 1, 1, 1]);
  expect(new Set(batches.map(({ id }) => id)).size).toBe(1);
  expect(bridge.lastError).toMatchObject({ problem: 'It is away.' });
  expect([bridge.failed, bridge.sent, bridge.isFailing]).toEqual([6, 0, true]);
  server.answer = null;
  clock.advance(8_000);
  await pass(0);
  expect([bridge.sent, bridge.isFailing]).toEqual([1, false]);
  expect(told).toEqual(['It is away.', null]);
});

test('keeps what came first, counts what finds no room, and says so with what comes next', async () => {
  const { bridge, batches, server, pass } = aBridge();
  server.answer = down;
  for (let i = 0; i < 7; i++) bridge.offer(connect(`c${i}`));
  expect([bridge.queued, bridge.dropped]).toEqual([4, 3]);
  await pass(100);
  server.answer = null;
  await pass(1_000);
  await pass(0);
  bridge.offer(connect('later'));
  await pass(100);
  expect(batches.slice(1).map(({ lines, lost }) => [lines, lost])).toEqual([
    [['1:c0', '2:c1'], 3],
    [['3:c2', '4:c3'], 0],
    [['8:later'], 0],
  ]);
});

test('the bound in bytes holds, too', () => {
  const { bridge } = aBridge({ queueBytes: 10 });
  for (const name of ['abc', 'def', 'g']) bridge.offer(connect(name));
  expect([bridge.queued, bridge.queuedBytes, bridge.dropped]).toEqual([2, 10, 1]);
});

test('gives up what is refused for good, and tells of it with the next batch', async () => {
  const { bridge, batches, server, pass } = aBridge();
  server.answer = { problem: 'It answered 422.', isFinal: true };
  bridge.offer(connect('bad'));
  await pass(100);
  expect([bridge.deadLettered, bridge.queued]).toEqual([1, 0]);
  server.answer = null;
  bridge.offer(connect('good'));
  await pass(100);
  expect(batches.at(-1)).toMatchObject({ lines: ['2:good'], lost: 1 });
});

test('gives up what was tried for too long', async () => {
  const { bridge, server, pass } = aBridge({ giveUpSeconds: 10 });
  server.answer = down;
  bridge.offer(connect('a'));
  for (let second = 0; second < 30; second++) await pass(1_000);
  expect([bridge.deadLettered, bridge.queued, bridge.sent]).toEqual([1, 0, 0]);
});

test('sends what waits when it is closed; what does not go at once is left', async () => {
  const { bridge, batches, server } = aBridge();
  for (const name of ['a', 'b', 'c']) bridge.offer(connect(name));
  expect(await bridge.close()).toBe(0);
  expect(batches).toHaveLength(2);
  bridge.offer(connect('late'));
  expect(bridge.queued).toBe(0);
  const failing = aBridge();
  failing.server.answer = down;
  failing.bridge.offer(connect('a'));
  expect(await failing.bridge.close()).toBe(1);
  expect(server.answer).toBeNull();
});
