import type { IPublishPacket, ISubscription } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { aPolicy, mqttClient, newBroker, type MqttClient, type TestBroker } from '../../../testing/index.js';
import { settle } from '../../../testing/settle.js';
import { packetOf, properties, uint16 } from '../../../testing/mqtt-bytes.js';

interface Wanted extends Partial<ISubscription> {
  readonly id?: number;
}

/** A client of MQTT 5 that subscribes to `a/b` in these ways, each with a filter of its own. */
function overlapping(it: TestBroker, ...wanted: Wanted[]): MqttClient {
  const filters = ['a/b', 'a/+', 'a/#', '+/b', '#'];
  const client = mqttClient(it, { protocolVersion: 5 });
  wanted.forEach(({ id, ...options }, i) => {
    const subscription = { topic: filters[i]!, qos: 0 as const, nl: false, rap: false, rh: 0, ...options };
    const properties = id === undefined ? {} : { subscriptionIdentifier: id };
    client.send({ cmd: 'subscribe', messageId: i + 1, properties, subscriptions: [subscription] });
  });
  return client;
}

function identifiers({ properties }: IPublishPacket): number[] {
  return [properties?.subscriptionIdentifier ?? []].flat().sort((a, b) => a - b);
}

const seen = (client: MqttClient) =>
  client.received('publish').map((packet) => [packet.qos, packet.retain, identifiers(packet)]);

describe('overlapping subscriptions bring one copy', () => {
  test.each([
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ] as const)('at the highest QoS: %i, %i and %i [MQTT5-3.3.4-2] [MQTT-3.3.5-1]', (...levels) => {
    const it = newBroker();
    const client = overlapping(it, ...levels.map((qos) => ({ qos })));
    const old = mqttClient(it);
    levels.forEach((qos, i) => old.subscribe(['a/b', 'a/+', '#'][i]!, { qos }));
    for (const qos of [0, 1, 2] as const) mqttClient(it).publish('a/b', 'x', { qos });
    for (const each of [client, old]) expect(each.received('publish').map(({ qos }) => qos)).toEqual([0, 1, 2]);
  });

  test('with the identifiers of all that have one, twice where two have the same [MQTT5-3.3.4-3] [MQTT5-3.3.4-4]', () => {
    const it = newBroker();
    const client = overlapping(it, { id: 300 }, {}, { id: 1 }, { id: 300 });
    mqttClient(it).publish('a/b', 'x').publish('a/c', 'x').publish('c/b', 'x');
    expect(seen(client)).toEqual([
      [0, false, [1, 300, 300]],
      [0, false, [1]],
      [0, false, [300]],
    ]);
  });

  test('flagged as retained where one of them wants to know [MQTT5-3.3.1-13]', () => {
    const it = newBroker();
    const client = overlapping(it, { rap: false }, { rap: true });
    mqttClient(it).publish('a/b', 'x', { retain: true }).publish('a/b', 'x', { retain: false });
    expect(seen(client)).toEqual([
      [0, true, []],
      [0, false, []],
    ]);
  });

  test('and none of an own message where all of them leave own ones out [MQTT5-3.8.3-3]', () => {
    const it = newBroker();
    const client = overlapping(it, { nl: true, qos: 2 }, { nl: true }, { nl: true, rap: true });
    client.publish('a/b', 'own', { qos: 2 });
    expect(client.messages).toEqual([]);
    mqttClient(it).publish('a/b', 'of another', { qos: 2 });
    expect(client.messages).toEqual(['a/b=of another']);
  });

  test('of an own message as those ask for it that do not leave own ones out: their QoS, their identifiers, their flag [MQTT5-3.8.3-3] [MQTT5-3.3.4-3]', () => {
    const it = newBroker();
    const client = overlapping(it, { nl: true, qos: 2, rap: true, id: 1 }, { qos: 1, id: 2 }, { qos: 0, id: 3 });
    client.publish('a/b', 'own', { qos: 2, retain: true });
    mqttClient(it).publish('a/b', 'of another', { qos: 2, retain: true });
    expect(seen(client)).toEqual([
      [1, false, [2, 3]],
      [2, true, [1, 2, 3]],
    ]);
  });

  test('through those that may see the topic', () => {
    const deny = { effect: 'deny', access: 'sub', topics: ['a/b'] } as const;
    const policy = aPolicy({ access: 'sub', topics: ['a/b'], subject: 'clientid', value: 'nobody' }, deny, {
      topics: ['#'],
    });
    const it = newBroker({ policy });
    const client = overlapping(it, { qos: 2, id: 1 }, { qos: 1, id: 2 });
    mqttClient(it).publish('a/b', 'x', { qos: 2 }).publish('a/c', 'y', { qos: 2 });
    expect(client.received('suback').map(({ granted }) => granted)).toEqual([[0x87], [1]]);
    expect(client.messages).toEqual(['a/c=y']);
  });

  test('through what is left of them when one ends, changes or comes', () => {
    const it = newBroker();
    const client = overlapping(it, { qos: 2, id: 1 }, { qos: 1, id: 2 });
    const sender = mqttClient(it).publish('a/b', 'x', { qos: 2 });
    client.unsubscribe('a/b');
    sender.publish('a/b', 'x', { qos: 2 });
    client.subscribe('a/+', { qos: 0 });
    sender.publish('a/b', 'x', { qos: 2 });
    client.subscribe('#', { qos: 2 });
    sender.publish('a/b', 'x', { qos: 2 });
    expect(seen(client)).toEqual([
      [2, false, [1, 2]],
      [1, false, [2]],
      [0, false, []],
      [2, false, []],
    ]);
  });
});

describe('overlapping subscriptions of a client that is away', () => {
  test('leave it one copy, at the highest QoS and with all identifiers [MQTT5-3.3.4-2] [MQTT5-3.3.4-4]', async () => {
    const it = newBroker();
    const options = {
      protocolVersion: 5,
      clientId: 'c',
      clean: false,
      properties: { sessionExpiryInterval: 60 },
    } as const;
    const subscribe = (id: number, filter: string, qos: number) =>
      packetOf(0x82, uint16(id), properties(0x0b, id), filter, qos);
    const client = mqttClient(it, options)
      .sendBytes(subscribe(1, 'a/b', 1))
      .sendBytes(subscribe(2, 'a/#', 2));
    await settle(it);
    client.drop();
    mqttClient(it).publish('a/b', 'x', { qos: 2 });
    await settle(it);
    const again = mqttClient(it, options);
    await settle(it);
    expect(seen(again)).toEqual([[2, false, [1, 2]]]);
  });
});

describe('what does not overlap', () => {
  test('retained messages come with each subscription that asks for them, with its identifier alone', () => {
    const it = newBroker();
    mqttClient(it).publish('a/b', 'x', { retain: true, qos: 2 });
    const client = overlapping(it, { qos: 0, id: 1 }, { qos: 2, id: 2 }, { id: 3, rh: 2 });
    expect(seen(client)).toEqual([
      [0, true, [1]],
      [2, true, [2]],
    ]);
  });

  test("a shared subscription is its group's: its message comes beside that of the client's own", () => {
    const it = newBroker();
    const client = overlapping(it, { qos: 2, id: 1 }, { qos: 2, id: 2 }).subscribe('$share/g/a/#', { qos: 1 });
    mqttClient(it).publish('a/b', 'x', { qos: 2 });
    expect(seen(client)).toEqual(
      expect.arrayContaining([
        [2, false, [1, 2]],
        [1, false, []],
      ]),
    );
    expect(client.messages).toHaveLength(2);
  });

  test('each client has its own copy', () => {
    const it = newBroker();
    const clients = [overlapping(it, { qos: 1 }, { qos: 2 }), overlapping(it, { qos: 0, id: 4 }, {})];
    mqttClient(it).publish('a/b', 'x', { qos: 2 });
    expect(clients.map(seen)).toEqual([[[2, false, []]], [[0, false, [4]]]]);
  });
});
