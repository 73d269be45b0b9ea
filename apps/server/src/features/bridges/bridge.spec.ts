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
function aBridge(
  settings: Partial<typeof usual> = {},
  batchEvents = 2,
  judge: (batch: Batch) => Setback | null = () => null,
) {
  const clock = new FakeClock();
  const batches: Batch[] = [];
  const told: (string | null)[] = [];
  const server = { answer: null as Setback | null, isBroken: false };
  const destination: Destination = {
    batchEvents,
    batchBytes: 10_000,
    circuit: null,
    encode: ({ seq, clientid }) => `${seq}:${clientid}`,
    target: 'a test',
    send: (batch) => {
      batches.push(batch);
      return server.isBroken
        ? Promise.reject(new Error('It is broken.'))
        : Promise.resolve(server.answer ?? judge(batch));
    },
    test: () =>
      server.isBroken
        ? Promise.reject(new Error('It is broken.'))
        : Promise.resolve({ arrived: server.answer === null, said: '', body: null }),
    close: () => Promise.resolve(),
  };
  const changed = (problem: string | null) => told.push(problem);
  const givenUp: string[] = [];
  const deadLetters = {
    target: 'dead.csv',
    take: (lines: readonly string[]) => Promise.resolve(void givenUp.push(...lines)),
    close: () => Promise.resolve(),
  };
  const bridge = new Bridge({ settings: { ...usual, ...settings }, destination, clock, changed, deadLetters });
  const pass = async (ms: number) => {
    clock.advance(ms);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return { bridge, batches, told, givenUp, server, pass, clock };
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
  expect([bridge.failed, bridge.sent, bridge.state]).toEqual([6, 0, 'failing']);
  server.answer = null;
  clock.advance(8_000);
  await pass(0);
  expect([bridge.sent, bridge.state]).toEqual([1, 'working']);
  expect(told).toEqual(['It is away.', null]);
});

test('what waits for another try goes at once when a test has arrived, and not after one that has not', async () => {
  const { bridge, batches, server, pass } = aBridge();
  server.answer = down;
  bridge.offer(connect('a'));
  await pass(100);
  await bridge.test();
  await pass(0);
  expect([batches.length, bridge.state]).toEqual([1, 'retrying']);
  server.answer = null;
  await bridge.test();
  await pass(0);
  expect([batches.length, bridge.state, bridge.sent]).toEqual([2, 'working', 1]);
});

test('a destination that rejects is one that fails, and ends nothing', async () => {
  const { bridge, server, pass } = aBridge();
  server.isBroken = true;
  bridge.offer(connect('a'));
  await pass(100);
  expect([bridge.state, bridge.failed, bridge.queued]).toEqual(['retrying', 1, 1]);
  expect(bridge.lastError?.problem).toBe('It is broken.');
  expect(await bridge.test()).toEqual({ arrived: false, said: 'It is broken.', body: null });
  server.isBroken = false;
  await pass(1_000);
  expect([bridge.state, bridge.sent]).toEqual(['working', 1]);
  server.isBroken = true;
  bridge.offer(connect('b'));
  expect(await bridge.close()).toBe(1);
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

/** A bridge whose receiver refuses every batch with a bad event in it. */
function aPickyBridge(events: readonly string[]) {
  const it = aBridge({ queueEvents: 1_000 }, 100, ({ lines }) =>
    lines.some((line) => line.endsWith('bad')) ? { problem: 'It answered 422.', isFinal: true } : null,
  );
  for (const event of events) it.bridge.offer(connect(event));
  const arrived = () => it.batches.filter(({ lines }) => !lines.some((line) => line.endsWith('bad')));
  const pass = async (ms: number) => {
    await it.pass(ms);
    for (let turn = 0; turn < 200; turn++) await it.pass(0);
  };
  return { ...it, pass, arrived };
}

test('of a batch that is refused for good only the bad events are given up, and the others arrive in order', async () => {
  const events = Array.from({ length: 100 }, (_, i) => (i === 17 || i === 99 ? 'bad' : `good${i}`));
  const { bridge, arrived, batches, givenUp, told, pass } = aPickyBridge(events);
  await pass(100);
  expect(givenUp).toEqual(['18:bad', '100:bad']);
  const good = events.flatMap((event, i) => (event === 'bad' ? [] : [`${i + 1}:${event}`]));
  expect(arrived().flatMap(({ lines }) => lines)).toEqual(good);
  expect([bridge.sent, bridge.deadLettered, bridge.queued]).toEqual([98, 2, 0]);
  // A search takes no more than so many requests, and no pause between them.
  expect(batches.length).toBeLessThan(40);
  expect(new Set(batches.map(({ id }) => id)).size).toBe(batches.length);
  expect(told.at(0)).toBe('It answered 422.');
  expect(bridge.state).not.toBe('failing');
  bridge.offer(connect('later'));
  await pass(1_000);
  expect(batches.at(-1)?.lines).toEqual(['101:later']);
  expect(arrived().reduce((sum, { lost }) => sum + lost, 0)).toBe(2);
});

test('a receiver that refuses everything is not asked about each event for ever', async () => {
  const { bridge, batches, givenUp, pass } = aPickyBridge(Array.from({ length: 1_000 }, () => 'bad'));
  await pass(100);
  expect(batches).toHaveLength(64);
  expect([bridge.deadLettered, givenUp.length, bridge.queued]).toEqual([100, 100, 900]);
  await pass(1_000);
  expect(batches).toHaveLength(128);
});

test('a receiver that goes away while a bad event is searched for is waited for', async () => {
  const { bridge, server, arrived, givenUp, pass } = aPickyBridge(['a', 'b', 'bad', 'c']);
  server.answer = down;
  await pass(100);
  await pass(1_000);
  server.answer = null;
  await pass(8_000);
  expect([givenUp, bridge.sent]).toEqual([['3:bad'], 3]);
  expect(arrived().at(-1)?.lines).toEqual(['4:c']);
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
