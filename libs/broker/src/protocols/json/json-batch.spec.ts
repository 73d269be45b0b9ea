import { expect, test } from 'vitest';
import type { Authorizer } from '../../ports/authorizer.js';
import { aPolicy, jsonClient, mqttClient, newBroker } from '../../testing/index.js';

const message = (topic: string, payload = '', more: object = {}) => ({ topic, payload, ...more });

test('a batch is published in order, each message judged by itself, and answered once', () => {
  const it = newBroker({ policy: aPolicy({ topics: ['plant/#'] }) });
  const watcher = mqttClient(it).subscribe('plant/#');
  const client = jsonClient(it, { clientId: 'c' });
  const messages = [
    message('plant/1', 'a'),
    message('secret', 'b'),
    message('plant/+', 'c'),
    message('plant/2', 'AP8=', { encoding: 'base64', qos: 1 }),
  ];
  client.send({ type: 'messages', id: 9, messages });
  expect(watcher.messages).toEqual(['plant/1=a', `plant/2=${Buffer.from([0, 255]).toString()}`]);
  expect(client.frames.slice(2)).toMatchObject([
    {
      type: 'result',
      id: 9,
      ok: false,
      results: [{}, { error: { code: 'not-authorized' } }, { error: { code: 'invalid-topic' } }, {}],
    },
  ]);
  expect(it.broker.counters.messagesReceived).toBe(4);
});

test('a batch without an id is answered only when something in it was refused', () => {
  const client = jsonClient(newBroker({ policy: aPolicy({ topics: ['plant/#'] }) }));
  client.send({ type: 'messages', messages: [message('plant/1'), message('plant/2')] });
  expect(client.last('result')).toBeUndefined();
  client.send({ type: 'messages', messages: [message('plant/1'), message('secret')] });
  expect(client.last('result')).toMatchObject({ id: null, ok: false, results: [{}, { error: {} }] });
});

test('the answer to a batch waits for what must be durable in it', async () => {
  const it = newBroker();
  const client = jsonClient(it);
  client.send({ type: 'messages', id: 2, messages: [message('a', '1'), message('b', '2', { qos: 1, retain: true })] });
  expect(client.last('result')).toBeUndefined();
  await new Promise((resolve) => setImmediate(resolve));
  it.clock.turn();
  expect(client.last('result')).toMatchObject({ id: 2, ok: true, results: [{}, {}] });
});

test('what no rule decides is asked about in the middle of a batch, and the order stays', async () => {
  const asked: string[] = [];
  const authorizer: Authorizer = {
    ask: (_identity, _action, topic) => {
      asked.push(topic);
      return Promise.resolve({ allowed: topic !== 'x/2', validUntil: null });
    },
  };
  const it = newBroker({ authorizer, policy: aPolicy({ topics: ['a'] }) });
  const client = jsonClient(it, { clientId: 'c' }).subscribe('a');
  client.send({
    type: 'messages',
    id: 7,
    messages: ['a', 'x/1', 'x/2', 'a'].map((topic, i) => message(topic, `${i}`)),
  });
  client.publish('a', 'after');
  for (let i = 0; i < 4; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    it.clock.turn();
  }
  expect(asked).toEqual(['x/1', 'x/2']);
  expect(client.messages).toEqual(['a=0', 'a=3', 'a=after']);
  expect(client.frames.find((frame) => frame.type === 'result' && frame.id === 7)).toMatchObject({
    ok: false,
    results: [{}, {}, { error: { code: 'not-authorized' } }, {}],
  });
  expect(it.broker.counters.messagesReceived).toBe(5);
});
