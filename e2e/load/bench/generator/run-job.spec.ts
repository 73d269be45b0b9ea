import { afterEach, expect, test } from 'vitest';
import { plainFlow } from '../scenarios.js';
import type { FlowJob, Outcome } from './job.js';
import { runJob } from './run-job.js';
import { type Faults, ToyBroker } from './testing/toy-broker.js';

let toy: ToyBroker;

afterEach(() => toy.close());

async function load(faults: Faults, flow: Partial<FlowJob>, version: 4 | 5 = 4): Promise<Outcome> {
  toy = new ToyBroker(faults);
  const port = await toy.listen();
  const path = faults.isWebSocket ? '/mqtt' : null;
  const target = { host: '127.0.0.1', port, path, version, username: 'joy', password: 'secret' };
  const times = { warmUpS: 0.02, measureS: 0.2, pid: process.pid, inFlight: 20, window: 10 };
  return runJob({ ...plainFlow, target, ...times, ...flow });
}

const pairs: Partial<FlowJob> = { layout: 'pairs', publishers: 3, subscribers: 3 };
const whole = { lost: 0, repeated: 0, disordered: 0, misdirected: 0 };

test.each(
  [4, 5].flatMap((version) =>
    [false, true].flatMap((isWebSocket) => [0, 1, 2].map((qos) => ({ version, isWebSocket, qos }))),
  ),
)('a broker that does all right is told so: %o', async ({ version, isWebSocket, qos }) => {
  const job = { ...pairs, qos: qos as 0 | 1 | 2, payloadBytes: 300 };
  const { problem, counts } = await load({ isWebSocket }, job, version as 4 | 5);
  expect(problem).toBeNull();
  expect(counts).toMatchObject(whole);
  expect(counts.sent).toBeGreaterThan(0);
  expect(counts.delivered).toBe(counts.sent);
  expect(counts.acknowledged).toBe(qos === 0 ? 0 : counts.sent);
});

test('what is lost is counted', async () => {
  const { counts } = await load({ loseEvery: 7 }, { ...pairs, qos: 1, ratePerS: 2000 });
  expect(toy.lost).toBeGreaterThan(0);
  expect(counts).toMatchObject({ ...whole, lost: toy.lost });
});

test('a closed loop goes on when what it waits for has been lost', async () => {
  const { counts } = await load({ loseEvery: 3 }, { qos: 0, inFlight: 5, measureS: 1 });
  expect(toy.lost).toBeGreaterThan(0);
  expect(counts).toMatchObject({ ...whole, lost: toy.lost });
});

test('what comes twice is counted', async () => {
  const { counts } = await load({ repeatEvery: 9 }, { ...pairs, qos: 1 });
  expect(toy.repeated).toBeGreaterThan(0);
  expect(counts).toMatchObject({ ...whole, repeated: toy.repeated });
});

test('what overtakes another is counted', async () => {
  const { counts } = await load({ swapEvery: 11 }, { ...pairs, qos: 2, ratePerS: 2000 });
  expect(toy.swapped).toBeGreaterThan(0);
  expect(counts).toMatchObject({ ...whole, disordered: toy.swapped, lost: toy.held });
});

test('what comes to somebody else is counted, and as lost by whom it was for', async () => {
  const { counts } = await load({ misdirectEvery: 13 }, { ...pairs, qos: 1, ratePerS: 2000 });
  expect(toy.misdirected).toBeGreaterThan(0);
  expect(counts).toMatchObject({ ...whole, misdirected: toy.misdirected, lost: toy.misdirected });
});

test('what waits for those who are away is counted when they come back, and so is what does not', async () => {
  const flow = { ...pairs, qos: 1, isDurable: true, isAway: true } as const;
  const { problem, counts } = await load({}, flow);
  expect(problem).toBeNull();
  expect(counts).toMatchObject({ ...whole, delivered: counts.sent, acknowledged: counts.sent });
  expect(counts.sent).toBeGreaterThan(0);
  toy.close();
  const { counts: second } = await load({ loseEvery: 4 }, flow);
  expect(toy.lost).toBeGreaterThan(0);
  expect(second).toMatchObject({ ...whole, lost: toy.lost });
});

test('each of many filters gets what is meant for it', async () => {
  const flow = { layout: 'filters', publishers: 2, subscribers: 5, filtersEach: 120 } as const;
  const { problem, counts } = await load({}, flow);
  expect(problem).toBeNull();
  expect(counts).toMatchObject({ ...whole, delivered: counts.sent });
});

test('a broker that is late is not forgiven: latency counts from when a message was due', async () => {
  const { figures } = await load({ delayMs: 25 }, { ...pairs, qos: 0, ratePerS: 200 });
  expect(figures['deliveryP50Us']).toBeGreaterThan(24_000);
});

test('a refusal ends the run with its reason', async () => {
  toy = new ToyBroker();
  const port = await toy.listen();
  toy.close();
  const target = { host: '127.0.0.1', port, path: null, version: 4, username: null, password: null } as const;
  const job = { ...plainFlow, target, pid: process.pid, warmUpS: 0, measureS: 0.1 };
  await expect(runJob(job)).rejects.toThrow(/ECONNREFUSED/);
});
