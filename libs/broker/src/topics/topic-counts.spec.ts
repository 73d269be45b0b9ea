import mqttPacket from 'mqtt-packet';
import { expect, test } from 'vitest';
import { aPolicy, mqttClient, newBroker } from '../testing/index.js';
import { TopicCounts } from './topic-counts.js';

function aBroker(limits = {}) {
  const it = newBroker({ limits });
  const { counts } = it.broker.matches;
  const pump = mqttClient(it, { clientId: 'pump' });
  const other = mqttClient(it, { clientId: 'other' });
  const publish = (topic: string, times: number) => {
    for (let i = 0; i < times; i++) (i % 3 === 0 ? other : pump).publish(topic, 'x', i % 2 === 0 ? {} : { qos: 1 });
  };
  return { it, counts, pump, publish };
}

test('what is published to a topic is counted while it is watched, with or without subscribers', () => {
  const { counts, pump, publish } = aBroker();
  publish('a/b', 5);
  expect([counts.of('a/b'), counts.watch('a/b'), counts.watch('a/c')]).toEqual([null, true, true]);
  const before = counts.of('a/b') ?? 0;
  publish('a/b', 20);
  pump.subscribe('a/c');
  publish('a/c', 7);
  publish('a', 3);
  expect([(counts.of('a/b') ?? 0) - before, counts.of('a/c')]).toEqual([20, 7]);
  counts.unwatch('a/b');
  expect([counts.of('a/b'), counts.size]).toEqual([null, 1]);
});

test('messages that come in one piece count one by one', () => {
  const { counts, pump } = aBroker();
  counts.watch('a/b');
  const publish = { cmd: 'publish', topic: 'a/b', payload: 'x', qos: 0, dup: false, retain: false } as const;
  pump.sendBytes(Buffer.concat(Array.from({ length: 100 }, () => mqttPacket.generate(publish))));
  expect(counts.of('a/b')).toBe(100);
});

test('no message is lost or counted twice where subscriptions change in between', () => {
  const { counts, pump, publish } = aBroker();
  counts.watch('a/b');
  for (const filter of ['a/b', 'a/+', '#', 'a/b/#', 'elsewhere/+', '$share/crew/a/b']) {
    publish('a/b', 10);
    pump.subscribe(filter);
    publish('a/b', 10);
    pump.unsubscribe(filter);
  }
  expect(counts.of('a/b')).toBe(120);
});

test('nor where the topic is forgotten for others, or never remembered', () => {
  const { it, counts, pump, publish } = aBroker({ matchCacheTopics: 3, matchCacheReceivers: 2 });
  const long = 'x'.repeat(600);
  for (const topic of ['a/b', long, 'many']) counts.watch(topic);
  for (const clientId of ['one', 'two']) mqttClient(it, { clientId }).subscribe('many');
  pump.subscribe('many');
  for (let i = 0; i < 50; i++) {
    publish('a/b', 2);
    publish(`other/${i}`, 1);
    publish(long, 1);
    publish('many', 1);
  }
  expect([counts.of('a/b'), counts.of(long), counts.of('many')]).toEqual([100, 50, 50]);
});

test('what is refused is not counted', () => {
  const { it, counts, publish } = aBroker();
  counts.watch('a/b');
  publish('a/b', 3);
  it.broker.setPolicy(aPolicy({ topics: ['a/c'] }));
  publish('a/b', 4);
  expect(counts.of('a/b')).toBe(3);
});

test('no more topics are watched than the bound says', () => {
  const { counts } = aBroker({ watchedTopics: 2 });
  expect(['a', 'b', 'a', 'c'].map((topic) => counts.watch(topic))).toEqual([true, true, true, false]);
  expect(counts.of('c')).toBeNull();
});

test('the difference of two counts is right where they begin anew', () => {
  let current = 0x7fff_fffe;
  const counts = new TopicCounts(() => current, 1);
  counts.watch('a');
  const before = counts.of('a') ?? 0;
  current = (current + 5) | 0;
  expect(((counts.of('a') ?? 0) - before) | 0).toBe(5);
  counts.handOn('a', current);
  current = 3;
  expect(((counts.of('a') ?? 0) - before) | 0).toBe(8);
});
