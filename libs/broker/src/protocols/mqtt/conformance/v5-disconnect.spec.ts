import { describe, expect, test } from 'vitest';
import type { Refusal } from '../../../refusal.js';
import { aPolicy, mqttClient, newBroker } from '../../../testing/index.js';
import { packetOf, packetsIn, properties, raw, uint16 } from '../../../testing/mqtt-bytes.js';
import type { RetainedStore } from '../../../ports/retained-store.js';
import { returnCode } from '../reason-codes.js';

const v5 = { protocolVersion: 5 } as const;
const refusals = Object.keys(returnCode) as Refusal[];
/** What a server may say in a DISCONNECT. */
const codes = [0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98];
const ofServer = [0x00, ...codes, 0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2];

describe('a DISCONNECT of the broker', () => {
  test.each(refusals)(
    'because of %s has a code that servers have for it, and is the last packet [MQTT5-3.14.2-1] [MQTT5-3.14.4-1] [MQTT5-3.14.4-2] [MQTT5-4.13.2-1]',
    (refusal) => {
      const it = newBroker();
      const client = mqttClient(it, { ...v5, clientId: 'c' }).subscribe('#');
      it.broker.disconnect('c', refusal);
      it.clock.turn();
      mqttClient(it, v5).publish('a', 'late');
      it.clock.advance(60_000);
      expect(ofServer).toContain(client.last('disconnect')?.reasonCode);
      expect(client.packets.map(({ cmd }) => cmd)).toEqual(['connack', 'suback', 'disconnect']);
      expect(client.isClosed).toBe(true);
    },
  );

  test('says nothing of a session expiry [MQTT5-3.14.2-2]', () => {
    const it = newBroker();
    const properties = { sessionExpiryInterval: 60 };
    const client = mqttClient(it, { ...v5, clientId: 'c', properties });
    mqttClient(it, { ...v5, clientId: 'c', properties });
    expect(client.last('disconnect')?.properties?.sessionExpiryInterval).toBeUndefined();
    expect(packetsIn(client.wire).at(-1)).toMatch(/^e0/);
  });

  test('is not sent to a client that takes no packet of its size; the connection ends all the same [MQTT5-4.13.2-1] [MQTT5-3.1.2-24]', () => {
    const it = newBroker();
    const small = mqttClient(it, { ...v5, clientId: 'c', properties: { maximumPacketSize: 2 } });
    expect([small.packets, small.isClosed]).toEqual([[], true]);
  });
});

describe('a DISCONNECT of the client', () => {
  test('is not answered; the connection is closed and nothing after it is looked at [MQTT5-3.14.4-1]', () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('a');
    const late = packetOf(0x30, 'a', properties(), raw('late'));
    const client = mqttClient(it, v5)
      .sendBytes(Buffer.concat([packetOf(0xe0), late]))
      .sendBytes(late);
    expect([client.packets.length, client.isClosed]).toEqual([1, true]);
    expect(watcher.messages).toEqual([]);
  });

  test('ends the subscriptions of a session that has no expiry', () => {
    const it = newBroker();
    mqttClient(it, { ...v5, clientId: 'c' })
      .subscribe('a')
      .send({ cmd: 'disconnect', reasonCode: 0 });
    mqttClient(it, v5).publish('a', 'x', { qos: 1 });
    const again = mqttClient(it, { ...v5, clientId: 'c', clean: false });
    expect(again.last('connack')?.sessionPresent).toBe(false);
    expect(again.messages).toEqual([]);
  });
});

describe('the answer to a publish that is refused', () => {
  const broken: RetainedStore = {
    load: async () => undefined,
    keep: () => Promise.reject(new Error('away')),
    close: async () => undefined,
  };

  test.each([
    ['not allowed', 0x87, { policy: aPolicy({ access: 'sub' }) }],
    ['no room left', 0x97, { limits: { retainedMessages: 0 } }],
    ['not kept', 0x97, { retainedStore: broken }],
  ])(
    '%s: PUBACK and PUBREC say %i, and the client stays [MQTT5-3.4.2-1] [MQTT5-3.5.2-1]',
    async (_why, code, options) => {
      const it = newBroker(options);
      const client = mqttClient(it, v5);
      for (const qos of [1, 2] as const) client.publish('a', 'x', { qos, retain: true });
      await new Promise(setImmediate);
      it.clock.turn();
      expect([client.last('puback')?.reasonCode, client.last('pubrec')?.reasonCode]).toEqual([code, code]);
      expect(client.isClosed).toBe(false);
    },
  );
});

test('a payload that is said to be UTF-8 and is not is refused by PUBACK and PUBREC, and reaches nobody [MQTT5-3.4.2-1] [MQTT5-3.5.2-1]', async () => {
  const it = newBroker();
  const watcher = mqttClient(it, v5).subscribe('a');
  const isUtf8 = properties(0x01, 1);
  const client = mqttClient(it, v5);
  for (const header of [0x33, 0x35])
    client.sendBytes(packetOf(header, 'a', uint16(7), isUtf8, Buffer.from([0xc3, 0x28])));
  expect([client.last('puback')?.reasonCode, client.last('pubrec')?.reasonCode]).toEqual([0x99, 0x99]);
  client.sendBytes(packetOf(0x35, 'a', uint16(7), isUtf8, raw('é')));
  await new Promise(setImmediate);
  it.clock.turn();
  expect([client.last('pubrec')?.reasonCode, watcher.messages, it.broker.retained.size]).toEqual([0, ['a=é'], 1]);
});

describe('session state', () => {
  test('is kept as long as the connection lasts, whatever its expiry [MQTT5-4.1.0-1]', () => {
    const it = newBroker();
    const client = mqttClient(it, { ...v5, clientId: 'c', properties: { sessionExpiryInterval: 0 } });
    client.subscribe('a', { qos: 2 });
    const sender = mqttClient(it, v5).publish('a', '1', { qos: 2 });
    client.publish('b', 'x', { qos: 2, messageId: 9 });
    it.clock.advance(86_400_000);
    sender.publish('a', '2');
    client.publish('b', 'x', { qos: 2, messageId: 9, dup: true }).send({ cmd: 'pubrel', messageId: 9 });
    client.send({ cmd: 'pubrec', messageId: client.received('publish')[0]!.messageId! });
    expect(client.messages).toEqual(['a=1', 'a=2']);
    expect([client.last('pubcomp')?.reasonCode, client.last('pubrel')?.reasonCode]).toEqual([0, 0]);
    expect(it.broker.sessions.get('c')?.inFlightCount).toBe(1);
  });
});
