import { expect, test } from 'vitest';
import { MqttJsPlayer, type MqttJsPart } from './mqtt-js-player.js';
import { runTorture } from './run-torture.js';

const PLAY_MS = 20_000;

const speaker = (clientId: string, version: 4 | 5, cutEveryMs: number): MqttJsPart => {
  const topics = [`t/${clientId}/0`, `t/${clientId}/1`];
  return { clientId, version, topics, subscriptions: [], cutEveryMs, offlineMs: 0 };
};

const listener = (clientId: string, version: 4 | 5, traits: Partial<MqttJsPart>): MqttJsPart => {
  const identifier = (n: number) => (version === 5 ? n : null);
  const subscriptions = [
    { filter: 't/#', qos: 1, identifier: identifier(1) },
    { filter: 't/+/1', qos: 2, identifier: identifier(2) },
  ] as const;
  return { clientId, version, topics: [], subscriptions, cutEveryMs: 0, offlineMs: 0, ...traits };
};

const parts: readonly MqttJsPart[] = [
  speaker('speaks4', 4, 0),
  speaker('speaks5', 5, 0),
  speaker('stumbles4', 4, 3000),
  speaker('stumbles5', 5, 3000),
  listener('steady4', 4, {}),
  listener('steady5', 5, {}),
  listener('flaps4', 4, { cutEveryMs: 2000 }),
  listener('flaps5', 5, { cutEveryMs: 2000 }),
  listener('away4', 4, { cutEveryMs: 2000, offlineMs: 4000 }),
  listener('away5', 5, { cutEveryMs: 2000, offlineMs: 4000 }),
];

test('what mqtt.js sends and is owed survives kills and cuts', { timeout: 240_000 }, async () => {
  const { violations, totals } = await runTorture({
    seed: 'mqtt.js',
    playMs: PLAY_MS,
    cast: (stage, random) => parts.map((part) => new MqttJsPlayer(part, stage, random.fork(part.clientId))),
    print: (line) => void process.stdout.write(`${line}\n`),
  });
  expect(violations).toEqual([]);
  expect(totals.acknowledged).toBeGreaterThan(50);
});
