import type { ISubscription } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { aPolicy, mqttClient, newBroker } from '../../../testing/index.js';
import { packetOf, packetsIn, properties, uint16 } from '../../../testing/mqtt-bytes.js';

const v5 = { protocolVersion: 5 } as const;
const wanted = (topic: string, qos: 0 | 1 | 2 = 0): ISubscription => ({ topic, qos, nl: false, rap: false, rh: 0 });

describe('SUBSCRIBE', () => {
  test('is answered with SUBACK, before the messages that it brings [MQTT5-3.8.4-1] [MQTT5-3.8.4-2]', () => {
    const it = newBroker();
    mqttClient(it, v5).publish('a', 'x', { retain: true });
    const client = mqttClient(it, v5).send({ cmd: 'subscribe', messageId: 77, subscriptions: [wanted('a')] });
    expect(client.packets.map(({ cmd }) => cmd)).toEqual(['connack', 'suback', 'publish']);
    expect(client.last('suback')?.messageId).toBe(77);
  });

  test('of several filters is taken one by one and answered once, each in its place [MQTT5-3.8.4-5] [MQTT5-3.8.4-6] [MQTT5-3.8.4-7] [MQTT5-3.9.3-1] [MQTT5-3.9.3-2]', () => {
    const it = newBroker({ policy: aPolicy({ topics: ['a/#'] }), limits: { subscriptionsPerSession: 3 } });
    const filters = [
      wanted('a/1', 2),
      wanted('b'),
      wanted('a/#/x'),
      wanted('a/2', 1),
      wanted('a/1', 0),
      wanted('a/3', 1),
    ];
    const client = mqttClient(it, v5).send({
      cmd: 'subscribe',
      messageId: 5,
      subscriptions: [...filters, wanted('a/4', 1)],
    });
    expect(client.received('suback')).toMatchObject([{ messageId: 5, granted: [2, 0x87, 0x8f, 1, 0, 1, 0x97] }]);
    mqttClient(it, v5).publish('a/1', 'x', { qos: 2 });
    expect(client.last('publish')?.qos).toBe(0);
  });

  test.each([
    [0, 0, 0],
    [0, 1, 0],
    [0, 2, 0],
    [1, 0, 0],
    [1, 1, 1],
    [1, 2, 1],
    [2, 0, 0],
    [2, 1, 1],
    [2, 2, 2],
  ] as const)('published at QoS %i, granted %i, delivered at %i [MQTT5-3.8.4-8]', (published, granted, delivered) => {
    const it = newBroker();
    const client = mqttClient(it, v5).subscribe('a', { qos: granted });
    expect(client.last('suback')?.granted).toEqual([granted]);
    mqttClient(it, v5).publish('a', 'live', { qos: published }).publish('b', 'kept', { qos: published, retain: true });
    client.subscribe('b', { qos: granted });
    expect(client.received('publish').map(({ qos }) => qos)).toEqual([delivered, delivered]);
  });

  test('to the same filter replaces the subscription: QoS, options and identifier [MQTT5-3.8.4-3]', () => {
    const it = newBroker();
    const client = mqttClient(it, { ...v5, clientId: 'c' });
    client.sendBytes(packetOf(0x82, uint16(1), properties(0x0b, 5), 'a', 0b0000_1110));
    client.publish('a', 'own');
    expect(client.messages).toEqual([]);
    client.sendBytes(packetOf(0x82, uint16(2), properties(), 'a', 0b0000_0001));
    client.publish('a', 'own', { qos: 2, retain: true });
    expect(client.messages).toEqual(['a=own']);
    expect(client.last('publish')).toMatchObject({ qos: 1, retain: false });
    expect(client.last('publish')?.properties?.subscriptionIdentifier).toBeUndefined();
    expect(it.broker.sessions.get('c')?.subscriptions.size).toBe(1);
  });

  test('that replaces one loses nothing of what is on its way [MQTT5-3.8.4-4]', () => {
    const it = newBroker();
    const client = mqttClient(it, { ...v5, properties: { receiveMaximum: 1 } }).subscribe('a', { qos: 1 });
    const sender = mqttClient(it, v5);
    for (const payload of ['1', '2']) sender.publish('a', payload, { qos: 1 });
    client.subscribe('a', { qos: 1, rh: 2 });
    sender.publish('a', '3', { qos: 1 });
    for (let i = 0; i < 3; i++) client.send({ cmd: 'puback', messageId: client.last('publish')!.messageId! });
    expect(client.messages).toEqual(['a=1', 'a=2', 'a=3']);
  });

  test('to a filter that matches the same topics otherwise is another subscription', () => {
    const it = newBroker();
    mqttClient(it, { ...v5, clientId: 'c' })
      .subscribe('a/+')
      .subscribe('a/#')
      .subscribe('a/b');
    expect(it.broker.sessions.get('c')?.subscriptions.size).toBe(3);
  });
});

describe('No Local', () => {
  test("keeps a client's own messages away, and nobody else's [MQTT5-3.8.3-3]", () => {
    const it = newBroker();
    const client = mqttClient(it, v5).subscribe('a', { nl: true, qos: 2 });
    for (const qos of [0, 1, 2] as const) client.publish('a', 'own', { qos });
    mqttClient(it, v5).publish('a', 'of another');
    expect(client.messages).toEqual(['a=of another']);
  });

  test('holds for its own retained messages and its own will [MQTT5-3.8.3-3]', () => {
    const it = newBroker();
    const will = { topic: 'a', payload: 'will', qos: 0 as const, retain: true };
    const client = mqttClient(it, { ...v5, clientId: 'c', will }).publish('b', 'own', { retain: true });
    client.drop();
    const again = mqttClient(it, { ...v5, clientId: 'c' })
      .subscribe('a', { nl: true })
      .subscribe('b', { nl: true });
    expect(again.messages).toEqual([]);
    expect(mqttClient(it, v5).subscribe('a', { nl: true }).messages).toEqual(['a=will']);
  });
});

describe('subscription identifiers', () => {
  test('go up to 268,435,455 and come back as they were [MQTT5-3.3.4-3]', () => {
    const it = newBroker();
    const largest = Buffer.from([0x0b, 0xff, 0xff, 0xff, 0x7f]);
    const client = mqttClient(it, v5).sendBytes(packetOf(0x82, uint16(1), properties(largest), 'a', 0));
    mqttClient(it, v5).publish('a', '');
    expect(packetsIn(client.wire).at(-1)).toBe(packetOf(0x30, 'a', properties(largest)).toString('hex'));
  });
});

describe('UNSUBSCRIBE', () => {
  test('is answered, also where there was nothing to end [MQTT5-3.10.4-4] [MQTT5-3.10.4-5] [MQTT5-3.11.3-2]', () => {
    const client = mqttClient(newBroker(), v5).subscribe('a').unsubscribe('b').unsubscribe('a').unsubscribe('a');
    expect(client.received('unsuback').map(({ granted }) => granted)).toEqual([[0x11], [0], [0x11]]);
  });

  test('of several filters is answered once, each in its place [MQTT5-3.10.4-6] [MQTT5-3.11.3-1]', () => {
    const client = mqttClient(newBroker(), v5).subscribe('a').subscribe('c/+').subscribe('$share/g/a');
    const unsubscriptions = ['b', 'a', 'a', 'c/+', 'c/x', '$share/g/a'];
    client.send({ cmd: 'unsubscribe', messageId: 400, unsubscriptions });
    expect(client.received('unsuback')).toMatchObject([{ messageId: 400, granted: [0x11, 0, 0x11, 0, 0x11, 0] }]);
  });

  test('ends the subscription whose filter is the same, letter by letter, and no other [MQTT5-3.10.4-1]', () => {
    const it = newBroker();
    const client = mqttClient(it, v5).subscribe('a/+').subscribe('a/b').subscribe('A/B');
    for (const filter of ['a/#', 'A/b', 'a/+/', 'a/b/', '+/b', '$share/g/a/b']) client.unsubscribe(filter);
    client.unsubscribe('a/b');
    mqttClient(it, v5).publish('a/b', '1').publish('a/c', '2').publish('A/B', '3');
    expect(client.messages).toEqual(['a/b=1', 'a/c=2', 'A/B=3']);
    expect(client.received('unsuback').map(({ granted }) => granted[0])).toEqual([...Array<number>(6).fill(0x11), 0]);
  });

  test('adds nothing new for delivery from then on [MQTT5-3.10.4-2]', () => {
    const it = newBroker();
    const client = mqttClient(it, v5).subscribe('a', { qos: 1 });
    const sender = mqttClient(it, v5).publish('a', '1');
    client.unsubscribe('a');
    for (const qos of [0, 1, 2] as const) sender.publish('a', 'late', { qos });
    expect(client.messages).toEqual(['a=1']);
  });

  test('leaves deliveries that have begun to their end [MQTT5-3.10.4-3]', () => {
    const it = newBroker();
    const client = mqttClient(it, { ...v5, clientId: 'c' }).subscribe('a', { qos: 2 });
    mqttClient(it, v5).publish('a', '1', { qos: 1 }).publish('a', '2', { qos: 2 });
    client.unsubscribe('a');
    expect(it.broker.sessions.get('c')?.inFlightCount).toBe(2);
    const [one, two] = client.received('publish').map(({ messageId }) => messageId!);
    client.send({ cmd: 'puback', messageId: one! }).send({ cmd: 'pubrec', messageId: two! });
    expect(client.last('pubrel')).toMatchObject({ messageId: two, reasonCode: 0 });
    client.send({ cmd: 'pubcomp', messageId: two! });
    expect(it.broker.sessions.get('c')?.inFlightCount).toBe(0);
  });
});
