import { expect, test } from 'vitest';
import { jsonClient, MqttClient, mqttClient, newBroker } from '../testing/index.js';

const as = (clientId: string, username: string | null = null, address = '10.0.0.1') => ({
  clientId,
  address,
  ...(username !== null && { username, password: Buffer.from('x') }),
});

test('a link beyond the bound of its address is closed before it has said a word, and counted', () => {
  const it = newBroker({ limits: { connectionsPerAddress: 2 } });
  const first = mqttClient(it, as('a'));
  mqttClient(it, as('b'));
  expect(new MqttClient(it, as('c')).isClosed).toBe(true);
  expect(it.broker.counters.refusals['quota-exceeded']).toBe(1);
  expect(mqttClient(it, as('d', null, '10.0.0.2')).last('connack')).toMatchObject({ returnCode: 0 });
  first.drop();
  expect(mqttClient(it, as('e')).last('connack')).toMatchObject({ returnCode: 0 });
});

test('links that come too fast are closed, and counted', () => {
  const it = newBroker({ limits: { connectsPerSecond: 2 } });
  const links = Array.from({ length: 15 }, () => new MqttClient(it));
  expect(links.filter(({ isClosed }) => !isClosed)).toHaveLength(10);
  expect(it.broker.counters.refusals['connection-rate-exceeded']).toBe(5);
  it.clock.advance(1000);
  expect(new MqttClient(it).isClosed).toBe(false);
});

test('a user may have so many connections, over all protocols [MQTT5-4.13.2-1]', () => {
  const it = newBroker({ limits: { connectionsPerUser: 2 } });
  const first = mqttClient(it, as('a', 'pump'));
  const json = jsonClient(it, { clientId: 'j', username: 'pump', password: 'x' });
  const third = mqttClient(it, { ...as('b', 'pump'), protocolVersion: 5 });
  expect(third.last('connack')).toMatchObject({ reasonCode: 0x97 });
  expect(it.broker.counters.refusals['quota-exceeded']).toBe(1);
  expect(mqttClient(it, as('c', 'valve')).last('connack')).toMatchObject({ returnCode: 0 });
  expect(mqttClient(it, as('d')).last('connack')).toMatchObject({ returnCode: 0 });
  first.drop();
  expect(mqttClient(it, as('e', 'pump')).last('connack')).toMatchObject({ returnCode: 0 });
  expect(json.isClosed).toBe(false);
});

test('who comes back takes the place of the connection that it left behind', () => {
  const it = newBroker({ limits: { connectionsPerUser: 1 } });
  for (let i = 0; i < 5; i++) {
    expect(mqttClient(it, as('a', 'pump')).last('connack')).toMatchObject({ returnCode: 0 });
  }
  expect(mqttClient(it, as('b', 'pump')).last('connack')).toMatchObject({ returnCode: 3 });
});

test('a connection that is refused disturbs nobody who is there', () => {
  const it = newBroker({ limits: { connectionsPerUser: 1 } });
  const pump = mqttClient(it, as('a', 'pump'));
  mqttClient(it, as('b', 'valve'));
  expect(mqttClient(it, as('b', 'pump')).last('connack')).toMatchObject({ returnCode: 3 });
  expect(pump.isClosed).toBe(false);
  expect(it.broker.sessions.get('b')?.identity.username).toBe('valve');
});

test('sessions without a connection take nobody a place', () => {
  const it = newBroker({ limits: { connectionsPerUser: 1 } });
  for (const clientId of ['a', 'b', 'c']) {
    const client = mqttClient(it, { ...as(clientId, 'pump'), clean: false });
    expect(client.last('connack')).toMatchObject({ returnCode: 0 });
    client.drop();
  }
  expect(it.broker.sessions.durable).toBe(3);
});
