import type { ISubscription } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { aPolicy, mqttClient, type MqttClient, newBroker, type TestBroker } from '../../testing/index.js';

const subscription = (topic: string, qos: 0 | 1 | 2 = 0): ISubscription => ({
  topic,
  qos,
  nl: false,
  rap: false,
  rh: 0,
});

function subscribeAs(client: MqttClient, topic: string, subscriptionIdentifier: number): MqttClient {
  const properties = { subscriptionIdentifier };
  return client.send({ cmd: 'subscribe', messageId: 9, properties, subscriptions: [subscription(topic)] });
}

describe('subscription identifiers', () => {
  test('come back with each message that their filter brings [MQTT5-3.3.4-3]', () => {
    const it = newBroker();
    const client = subscribeAs(mqttClient(it, { protocolVersion: 5 }), 'a/#', 7);
    const plain = mqttClient(it, { protocolVersion: 5 }).subscribe('a/#');
    mqttClient(it).publish('a/b', 'x');
    expect(client.last('publish')?.properties?.subscriptionIdentifier).toBe(7);
    expect(plain.last('publish')?.properties?.subscriptionIdentifier).toBeUndefined();
  });

  test('of overlapping subscriptions all come, with the one copy [MQTT5-3.3.4-4]', () => {
    const it = newBroker();
    const client = subscribeAs(subscribeAs(mqttClient(it, { protocolVersion: 5 }), 'a/#', 7), 'a/b', 300);
    mqttClient(it).publish('a/b', 'x');
    expect(client.messages).toHaveLength(1);
    expect([client.last('publish')?.properties?.subscriptionIdentifier].flat().sort()).toEqual([300, 7]);
  });

  test('come with retained messages, and with what had to wait', () => {
    const it = newBroker();
    mqttClient(it).publish('a', 'kept', { retain: true });
    const client = mqttClient(it, { protocolVersion: 5, properties: { receiveMaximum: 1 } });
    client.send({
      cmd: 'subscribe',
      messageId: 1,
      properties: { subscriptionIdentifier: 5 },
      subscriptions: [subscription('a', 1)],
    });
    expect(client.last('publish')?.properties?.subscriptionIdentifier).toBe(5);
    mqttClient(it).publish('a', '1', { qos: 1 }).publish('a', '2', { qos: 1 });
    client.send({ cmd: 'puback', messageId: client.last('publish')!.messageId! });
    expect(client.last('publish')).toMatchObject({ properties: { subscriptionIdentifier: 5 } });
    expect(client.messages.at(-1)).toBe('a=2');
  });

  test('a replaced subscription has its new one only', () => {
    const it = newBroker();
    const client = subscribeAs(subscribeAs(mqttClient(it, { protocolVersion: 5 }), 'a', 1), 'a', 2);
    mqttClient(it).publish('a', 'x');
    expect(client.last('publish')?.properties?.subscriptionIdentifier).toBe(2);
  });

  test('zero is a protocol error [MQTT5 3.8.2.1.2]', () => {
    const client = mqttClient(newBroker(), { protocolVersion: 5 });
    client.sendBytes(Buffer.from([0x82, 9, 0, 1, 2, 0x0b, 0, 0, 1, 0x61, 0]));
    expect(client.last('disconnect')?.reasonCode).toBe(0x82);
  });
});

describe('topic aliases of a client', () => {
  const properties = (topicAlias: number) => ({ properties: { topicAlias } });

  test('stand for the topic they were set with, until they are set anew [MQTT5 3.3.2.3.4]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('#');
    const client = mqttClient(it, { protocolVersion: 5 });
    expect(client.last('connack')?.properties?.topicAliasMaximum).toBe(32);
    client.publish('a', '1', properties(1)).publish('', '2', properties(1));
    client.publish('b', '3', properties(1)).publish('', '4', { ...properties(1), qos: 1 });
    expect(watcher.messages).toEqual(['a=1', 'a=2', 'b=3', 'b=4']);
  });

  test('are not sent on, and belong to one connection [MQTT5-3.3.2-7]', () => {
    const it = newBroker();
    const watcher = mqttClient(it, { protocolVersion: 5 }).subscribe('a');
    mqttClient(it, { protocolVersion: 5 }).publish('a', '1', properties(1));
    expect(watcher.last('publish')?.properties?.topicAlias).toBeUndefined();
    const other = mqttClient(it, { protocolVersion: 5 }).publish('', '2', properties(1));
    expect(other.last('disconnect')?.reasonCode).toBe(0x82);
  });

  test.each([0, 33])('alias %i is invalid: 0x94 [MQTT5-3.3.2-8] [MQTT5-3.3.2-9]', (alias) => {
    const client = mqttClient(newBroker(), { protocolVersion: 5 });
    client.sendBytes(Buffer.from([0x30, 7, 0, 1, 0x61, 3, 0x23, 0, alias]));
    expect(client.last('disconnect')?.reasonCode).toBe(0x94);
  });

  test('a topic is judged however it is named', () => {
    const it = newBroker({ policy: aPolicy({ access: 'sub' }) });
    const client = mqttClient(it, { protocolVersion: 5 });
    client.publish('a', '1', { ...properties(1), qos: 1 }).publish('', '2', { ...properties(1), qos: 1 });
    expect(client.received('puback').map(({ reasonCode }) => reasonCode)).toEqual([0x87, 0x87]);
  });
});

describe('a payload that is said to be UTF-8', () => {
  const properties = { payloadFormatIndicator: true };

  test('and is not reaches nobody: 0x99 in PUBACK and PUBREC', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('#');
    const client = mqttClient(it, { protocolVersion: 5 });
    for (const qos of [1, 2] as const) client.publish('a', '', { payload: Buffer.from([0xc3, 0x28]), qos, properties });
    expect([client.last('puback')?.reasonCode, client.last('pubrec')?.reasonCode]).toEqual([0x99, 0x99]);
    expect(it.broker.counters.refusals['payload-format-invalid']).toBe(2);
    client.publish('a', 'grün', { qos: 1, properties });
    expect(watcher.messages).toEqual(['a=grün']);
  });

  test('and is not ends the connection at QoS 0, which has no other answer', () => {
    const client = mqttClient(newBroker(), { protocolVersion: 5 });
    client.publish('a', '', { payload: Buffer.from([0xc3, 0x28]), properties });
    expect(client.last('disconnect')?.reasonCode).toBe(0x99);
    expect(client.isClosed).toBe(true);
  });

  test('and one that is not said to be may be anything', () => {
    const it = newBroker();
    const watcher = mqttClient(it, { protocolVersion: 5 }).subscribe('#');
    const payload = Buffer.from([0xc3, 0x28]);
    mqttClient(it, { protocolVersion: 5 }).publish('a', '', { payload, properties: { payloadFormatIndicator: false } });
    expect(watcher.last('publish')).toMatchObject({ payload, properties: { payloadFormatIndicator: false } });
  });
});

describe('user properties', () => {
  /** mqtt-packet writes a list as it stands, though its types know only objects. */
  const listed = (...pairs: [string, string][]) => pairs.map(([name, value]) => ({ [name]: value })) as never;
  const HEX = '26000161000131' + '26000162000132' + '26000161000133';
  const userProperties = listed(['a', '1'], ['b', '2'], ['a', '3']);

  test('arrive in the order in which they were sent, live, queued and retained [MQTT5-3.3.2-18]', () => {
    const it = newBroker();
    const options = { protocolVersion: 5, properties: { receiveMaximum: 1 } } as const;
    const watcher = mqttClient(it, options).subscribe('a', { qos: 1 });
    const sender = mqttClient(it, { protocolVersion: 5 });
    for (const payload of ['1', '2'])
      sender.publish('a', payload, { qos: 1, retain: true, properties: { userProperties } });
    watcher.send({ cmd: 'puback', messageId: 1 });
    const late = mqttClient(it, { protocolVersion: 5 }).subscribe('a');
    expect(watcher.wire.toString('hex').split(HEX)).toHaveLength(3);
    expect(late.wire.toString('hex').split(HEX)).toHaveLength(2);
  });

  test('of a will arrive in their order, too [MQTT5-3.1.3-10]', () => {
    const it = newBroker();
    const watcher = mqttClient(it, { protocolVersion: 5 }).subscribe('gone');
    const will = { topic: 'gone', payload: 'x', qos: 0 as const, retain: false, properties: { userProperties } };
    mqttClient(it, { protocolVersion: 5, will }).drop();
    it.clock.turn();
    expect(watcher.wire.toString('hex')).toContain(HEX);
  });
});

describe('shared subscriptions', () => {
  const members = (it: TestBroker, count: number, options: Partial<ISubscription> = {}) =>
    Array.from({ length: count }, () => mqttClient(it, { protocolVersion: 5 }).subscribe('$share/g/a/+', options));

  test('bring each message to one member of the group, in turn', () => {
    const it = newBroker();
    const [first, second] = members(it, 2) as [MqttClient, MqttClient];
    const alone = mqttClient(it).subscribe('a/+');
    const sender = mqttClient(it);
    for (let i = 0; i < 6; i++) sender.publish('a/b', String(i));
    expect([first.messages.length, second.messages.length, alone.messages.length]).toEqual([3, 3, 6]);
    expect([...first.messages, ...second.messages].sort()).toEqual(alone.messages);
  });

  test('groups of other names or filters each get a copy of their own', () => {
    const it = newBroker();
    const g = mqttClient(it).subscribe('$share/g/a/+');
    const h = mqttClient(it).subscribe('$share/h/a/+');
    const wide = mqttClient(it).subscribe('$share/g/a/#');
    mqttClient(it).publish('a/b', 'x');
    expect([g.messages, h.messages, wide.messages]).toEqual(Array(3).fill(['a/b=x']));
  });

  test('a member whose window is full is passed over', () => {
    const it = newBroker();
    const options = { protocolVersion: 5, properties: { receiveMaximum: 1 } } as const;
    const stuck = mqttClient(it, options).subscribe('$share/g/a', { qos: 1 });
    const well = mqttClient(it, { protocolVersion: 5 }).subscribe('$share/g/a', { qos: 1 });
    const sender = mqttClient(it);
    for (let i = 0; i < 5; i++) sender.publish('a', String(i), { qos: 1 });
    expect([stuck.messages.length, well.messages.length]).toEqual([1, 4]);
  });

  test('what a member leaves unacknowledged goes to another one, QoS 2 excepted [MQTT5-4.8.2-5]', () => {
    const it = newBroker();
    const leaving = mqttClient(it, { protocolVersion: 5, properties: { receiveMaximum: 2 } });
    leaving.subscribe('$share/g/a', { qos: 2 });
    const sender = mqttClient(it).publish('a', 'one', { qos: 1 }).publish('a', 'two', { qos: 2 });
    sender.publish('a', 'queued', { qos: 1 });
    const staying = mqttClient(it, { protocolVersion: 5 }).subscribe('$share/g/a', { qos: 2 });
    leaving.drop();
    expect(staying.messages).toEqual(['a=one', 'a=queued']);
  });

  test('what has expired meanwhile is not passed on [MQTT5-3.3.2-5]', () => {
    const it = newBroker();
    const leaving = mqttClient(it, { protocolVersion: 5 }).subscribe('$share/g/a', { qos: 1 });
    const sender = mqttClient(it, { protocolVersion: 5 });
    sender
      .publish('a', 'brief', { qos: 1, properties: { messageExpiryInterval: 5 } })
      .publish('a', 'lasting', { qos: 1 });
    const staying = mqttClient(it, { protocolVersion: 5 }).subscribe('$share/g/a', { qos: 1 });
    it.clock.advance(6000);
    leaving.drop();
    expect(staying.messages).toEqual(['a=lasting']);
  });

  test('get no retained messages [MQTT5 3.8.4]', () => {
    const it = newBroker();
    mqttClient(it).publish('a/b', 'x', { retain: true });
    expect(members(it, 1)[0]!.messages).toEqual([]);
  });

  test('are judged by the filter that they share, and a change of the policy ends them', () => {
    const it = newBroker({ policy: aPolicy({ topics: ['a/#'] }) });
    const client = mqttClient(it, { protocolVersion: 5, clientId: 'c' })
      .subscribe('$share/g/a/b')
      .subscribe('$share/g/b');
    expect(client.received('suback').map(({ granted }) => granted)).toEqual([[0], [0x87]]);
    const lost = it.broker.setPolicy(aPolicy({ access: 'pub' }));
    expect(lost).toMatchObject([{ clientId: 'c', topic: '$share/g/a/b', ruleId: null }]);
    mqttClient(it).publish('a/b', 'x');
    expect(client.messages).toEqual([]);
  });

  test('a member that may not see a topic is passed over', () => {
    const deny = { effect: 'deny', subject: 'clientid', value: 'blind', access: 'sub', topics: ['a/secret'] } as const;
    const it = newBroker({ policy: aPolicy(deny, { topics: ['#'] }) });
    const blind = mqttClient(it, { clientId: 'blind', protocolVersion: 5 }).subscribe('$share/g/a/+');
    const [seeing] = members(it, 1) as [MqttClient];
    for (let i = 0; i < 3; i++) mqttClient(it).publish('a/secret', String(i));
    expect(blind.messages).toEqual([]);
    expect(seeing.messages).toHaveLength(3);
  });

  test('the last one to leave takes the group with it', () => {
    const it = newBroker();
    const [member] = members(it, 1) as [MqttClient];
    member.unsubscribe('$share/g/a/+');
    expect(member.last('unsuback')?.granted).toEqual([0]);
    mqttClient(it).publish('a/b', 'x');
    expect(member.messages).toEqual([]);
  });

  test('No Local is a protocol error [MQTT5-3.8.3-4]', () => {
    const client = mqttClient(newBroker(), { protocolVersion: 5 }).subscribe('$share/g/a', { nl: true });
    expect(client.last('disconnect')?.reasonCode).toBe(0x82);
  });
});
