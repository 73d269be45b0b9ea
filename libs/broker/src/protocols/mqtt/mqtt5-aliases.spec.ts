import { expect, test } from 'vitest';
import { mqttClient, MqttClient, newBroker, type TestBroker } from '../../testing/index.js';

const TOPIC = 'plant/1/temperature';

const taking = (it: TestBroker, topicAliasMaximum: number, more = {}) =>
  mqttClient(it, { protocolVersion: 5, properties: { topicAliasMaximum }, ...more });

/** The client, once everything that was read or committed for it has come. */
async function settled(it: TestBroker, client: MqttClient): Promise<MqttClient> {
  for (let i = 0; i < 5; i++) await new Promise(setImmediate).then(() => it.clock.turn());
  return client;
}

/** Every PUBLISH that came, as the topic it is spelled with and the alias it has. */
const spelled = (client: MqttClient) =>
  client.received('publish').map(({ topic, properties }) => [topic, properties?.topicAlias]);

test('a topic is spelled out once to a client that takes aliases, and to others each time [MQTT5-3.3.2-11] [MQTT5-3.1.2-27]', () => {
  const it = newBroker();
  const client = taking(it, 5).subscribe('#', { qos: 1 });
  const plain = mqttClient(it, { protocolVersion: 5 }).subscribe('#', { qos: 1 });
  const sender = mqttClient(it);
  for (const qos of [0, 1, 0] as const) sender.publish(TOPIC, 'x', { qos });
  expect(spelled(client)).toEqual([
    [TOPIC, 1],
    ['', 1],
    ['', 1],
  ]);
  expect(spelled(plain)).toEqual(Array(3).fill([TOPIC, undefined]));
});

test('no more topics get one than the client takes, nor than the broker remembers [MQTT5-3.1.2-26]', () => {
  const it = newBroker({ limits: { outgoingTopicAliases: 3 } });
  const [two, many] = [taking(it, 2).subscribe('#'), taking(it, 65_535).subscribe('#')];
  const sender = mqttClient(it);
  for (let i = 0; i < 5; i++) sender.publish(`topic/${i}`, 'x');
  const highest = (client: MqttClient) => Math.max(...spelled(client).map(([, alias]) => Number(alias ?? 0)));
  expect([highest(two), highest(many)]).toEqual([2, 3]);
});

test('an alias is known only by what has really left: a dropped message defines none', () => {
  const it = newBroker({ limits: { outboxBytes: 2000 } });
  const client = taking(it, 5).subscribe('#').stall();
  // The first fills the link, the next wait and are dropped oldest first. Each sender could be held back after its own.
  for (let i = 0; i < 40; i++) mqttClient(it).publish(i === 0 ? 'first' : TOPIC, `${i}${'x'.repeat(300)}`);
  expect(it.broker.counters.dropped).toBeGreaterThan(10);
  client.readOn();
  const received = spelled(client);
  expect(received.length).toBeGreaterThan(2);
  expect(received.find(([, alias]) => alias === 2)).toEqual([TOPIC, 2]);
  expect(received.at(-1)).toEqual(['', 2]);
});

test('aliases end with their connection, also where the session goes on [MQTT5-3.3.2-7]', async () => {
  const it = newBroker();
  const session = { clientId: 'c', clean: false, properties: { topicAliasMaximum: 5, sessionExpiryInterval: 60 } };
  const first = await settled(it, mqttClient(it, { protocolVersion: 5, ...session }));
  first.subscribe('#', { qos: 1 });
  mqttClient(it).publish(TOPIC, '1', { qos: 1 });
  await settled(it, first);
  expect(spelled(first)).toEqual([[TOPIC, 1]]);
  first.drop();
  mqttClient(it).publish(TOPIC, '2', { qos: 1 });
  const second = await settled(it, mqttClient(it, { protocolVersion: 5, ...session }));
  expect(spelled(second)).toEqual([
    [TOPIC, 1],
    ['', 1],
  ]);
  const third = await settled(it, mqttClient(it, { protocolVersion: 5, clientId: 'c', clean: false }));
  expect(spelled(third)).toEqual(Array(2).fill([TOPIC, undefined]));
});

test('a packet is never made larger than the client takes by its alias [MQTT5-3.1.2-24]', () => {
  const it = newBroker();
  const client = mqttClient(it, { protocolVersion: 5, properties: { topicAliasMaximum: 5, maximumPacketSize: 60 } });
  client.subscribe('#');
  const sender = mqttClient(it);
  for (let length = 20; length < 50; length++) sender.publish(TOPIC, 'x'.repeat(length));
  for (const { length } of client.received('publish')) expect(2 + (length ?? 0)).toBeLessThanOrEqual(60);
  expect(client.received('publish').length).toBeGreaterThan(10);
});
