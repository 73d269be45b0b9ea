import { expect, test } from 'vitest';
import { sizeOf } from './message.js';
import { mqttClient, newBroker } from './testing/index.js';

test('a message is as large as its payload and all of its properties', () => {
  const payload = Buffer.from('12345');
  expect(sizeOf({ payload, properties: null })).toBe(5);
  const properties = { contentType: 'text', responseTopic: 'a/b', correlationData: Buffer.alloc(10) };
  expect(sizeOf({ payload, properties })).toBe(5 + 4 + 3 + 10);
  expect(sizeOf({ payload, properties: { userProperties: [['name', 'value']] } })).toBeGreaterThan(5 + 9);
});

test('a bound in bytes counts properties: they are no way around it', async () => {
  const it = newBroker({ limits: { retainedBytes: 10_000 } });
  const client = mqttClient(it, { protocolVersion: 5 });
  const large = {
    userProperties: Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`name-${i}`, 'x'.repeat(60)])),
  };
  client.publish('a', 'x', { qos: 1, retain: true, properties: large });
  expect(client.last('puback')?.reasonCode).toBe(0x97);
  client.publish('a', 'x', { qos: 1, retain: true });
  await new Promise(setImmediate);
  it.clock.turn();
  expect(client.last('puback')?.reasonCode).toBe(0);
});
