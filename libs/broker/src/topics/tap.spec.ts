import { expect, test } from 'vitest';
import { aPolicy, mqttClient, newBroker } from '../testing/index.js';

test('who watches sees each message that matches, and nobody can tell', () => {
  const it = newBroker();
  const publisher = mqttClient(it);
  const seen: string[] = [];
  const end = it.broker.watch('plant/+', ({ topic, payload }) => seen.push(`${topic}=${String(payload)}`));
  publisher.publish('plant/1', 'on').publish('plant/1/deeper', 'x');
  expect(seen).toEqual(['plant/1=on']);
  expect(it.broker.counters).toMatchObject({ messagesReceived: 2, messagesSent: 0, dropped: 0 });
  end();
  publisher.publish('plant/1', 'off');
  expect(seen).toHaveLength(1);
});

test('who watches does not get in between: subscribers get theirs, refused messages are not seen', () => {
  const it = newBroker({ policy: aPolicy({ topics: ['open/#'] }) });
  const subscriber = mqttClient(it).subscribe('open/#');
  const seen: string[] = [];
  it.broker.watch('#', ({ topic }) => seen.push(topic));
  mqttClient(it).publish('open/1', 'x');
  mqttClient(it).publish('closed/1', 'x');
  it.clock.turn();
  expect(subscriber.messages).toEqual(['open/1=x']);
  expect(seen).toEqual(['open/1']);
});

test('what the broker itself publishes can be watched, by a filter that names it', () => {
  const it = newBroker();
  const seen: string[] = [];
  it.broker.watch('#', ({ topic }) => seen.push(topic));
  it.broker.watch('$SYS/broker/connection/#', ({ topic }) => seen.push(topic));
  mqttClient(it, { clientId: 'pump-7' });
  expect(seen).toEqual(['$SYS/broker/connection/clients/pump-7']);
});
