import { aPolicy, mqttClient, newBroker } from '@perch/broker/testing';
import { expect, test } from 'vitest';
import { TopicRates } from './topic-rates.js';

function aMeter(limit?: number) {
  const it = newBroker();
  const rates = new TopicRates(it.broker, limit);
  const pump = mqttClient(it, { clientId: 'pump' });
  const publish = (topic: string, times: number) => {
    for (let i = 0; i < times; i++) pump.publish(topic, 'x');
  };
  return { it, rates, pump, publish, pass: (ms: number) => it.clock.advance(ms) };
}

test('a rate is what was published between two questions; before the second it is not known', () => {
  const { pass, rates, publish } = aMeter();
  publish('a/b', 100);
  expect(rates.of(['a/b', 'quiet'])).toEqual([null, null]);
  publish('a/b', 30);
  publish('a/b/c', 1000);
  pass(2_000);
  expect(rates.of(['a/b', 'quiet'])).toEqual([15, 0]);
  pass(4_000);
  expect(rates.of(['quiet', 'a/b'])).toEqual([0, 0]);
});

test('no message is lost or counted twice where subscriptions change in between, and none that is refused counts', () => {
  const { it, pass, rates, pump, publish } = aMeter();
  rates.of(['a/b']);
  for (const filter of ['a/b', 'a/+', '#', 'a/b/#', 'elsewhere/+', '$share/crew/a/b']) {
    publish('a/b', 10);
    pump.subscribe(filter);
    pump.publish('a/b', 'x', { qos: 1 });
    pump.unsubscribe(filter);
  }
  it.broker.setPolicy(aPolicy({ topics: ['a/c'] }));
  publish('a/b', 50);
  pass(1_000);
  expect(rates.of(['a/b'])).toEqual([66]);
});

test('a topic that is counted has no subscriber for it, and sends its publisher nothing', () => {
  const { it, rates, pump } = aMeter();
  rates.of(['a']);
  pump.publish('a', 'x', { qos: 1 });
  expect([pump.received('puback').length, pump.received('publish').length]).toEqual([1, 0]);
  expect([it.broker.subscriptions.size, it.broker.counters.messagesSent]).toEqual([0, 0]);
});

test('two who ask in turn are told the same, measured over a second at least', () => {
  const { pass, rates, publish } = aMeter();
  rates.of(['a']);
  publish('a', 10);
  pass(1_000);
  expect(rates.of(['a'])).toEqual([10]);
  publish('a', 5);
  pass(500);
  expect(rates.of(['a'])).toEqual([10]);
  pass(500);
  expect(rates.of(['a'])).toEqual([5]);
});

test('a topic that nobody asks about for ten seconds is not counted any more, and not known at first then', () => {
  const { pass, rates, publish } = aMeter();
  rates.of(['a', 'b']);
  pass(8_000);
  publish('b', 8);
  expect([rates.of(['b']), rates.size]).toEqual([[1], 2]);
  pass(8_000);
  publish('a', 8);
  expect([rates.of(['b']), rates.size]).toEqual([[0], 1]);
  expect([rates.of(['a']), rates.size]).toEqual([[null], 2]);
});

test('when nobody asks about anything any more nothing is counted', () => {
  const { rates, pass } = aMeter();
  rates.of(['a', 'b']);
  pass(8_000);
  rates.of(['b']);
  pass(9_000);
  expect(rates.size).toBe(1);
  pass(20_000);
  expect(rates.size).toBe(0);
  rates.of(['a']);
  rates.close();
  expect(rates.size).toBe(0);
});

test.each(['plant/+/temp', 'plant/#', '', '$SYS/broker/uptime'])('%j has no rate', (topic) => {
  const { pass, rates } = aMeter();
  rates.of([topic]);
  pass(2_000);
  expect([rates.of([topic]), rates.size]).toEqual([[null], 0]);
});

test('beyond the bound of topics that are watched a rate is not known', () => {
  const { pass, rates, publish } = aMeter(2);
  rates.of(['a', 'b', 'c']);
  for (const topic of ['a', 'b', 'c']) publish(topic, 4);
  pass(1_000);
  expect(rates.of(['a', 'b', 'c'])).toEqual([4, 4, null]);
});
