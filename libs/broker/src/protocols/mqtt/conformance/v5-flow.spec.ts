import { describe, expect, test } from 'vitest';
import { mqttClient, newBroker } from '../../../testing/index.js';
import { settle } from '../../../testing/settle.js';

const v5 = { protocolVersion: 5 } as const;
const receiveMaximum = (maximum: number) => ({ ...v5, properties: { receiveMaximum: maximum } });

describe('the receive maximum of a client', () => {
  test('is never exceeded; each end of a handshake makes room for one more [MQTT5-3.3.4-9] [MQTT5-4.9.0-1] [MQTT5-4.9.0-2]', () => {
    const it = newBroker();
    const client = mqttClient(it, receiveMaximum(3)).subscribe('a', { qos: 2 });
    const sender = mqttClient(it, v5);
    for (let i = 0; i < 8; i++) sender.publish('a', String(i), { qos: i % 2 === 0 ? 2 : 1 });
    const ids = () => client.received('publish').map(({ messageId }) => messageId!);
    expect(ids()).toHaveLength(3);
    client.send({ cmd: 'puback', messageId: ids()[1]! });
    expect(ids()).toHaveLength(4);
    client.send({ cmd: 'pubrec', messageId: ids()[0]! });
    expect(ids()).toHaveLength(4);
    client.send({ cmd: 'pubcomp', messageId: ids()[0]! });
    expect(ids()).toHaveLength(5);
    client.send({ cmd: 'pubrec', messageId: ids()[2]!, reasonCode: 0x80 });
    expect(ids()).toHaveLength(6);
    client.send({ cmd: 'puback', messageId: ids()[3]!, reasonCode: 0x97 });
    expect(ids()).toHaveLength(7);
  });

  test('is not widened by answers that come twice or that nobody waits for [MQTT5-4.9.0-2]', () => {
    const it = newBroker();
    const client = mqttClient(it, receiveMaximum(1)).subscribe('a', { qos: 1 });
    const sender = mqttClient(it, v5);
    for (let i = 0; i < 6; i++) sender.publish('a', String(i), { qos: 1 });
    const messageId = client.last('publish')!.messageId!;
    client.send({ cmd: 'puback', messageId }).send({ cmd: 'puback', messageId });
    client.send({ cmd: 'pubcomp', messageId: 900 }).send({ cmd: 'pubrec', messageId: 901, reasonCode: 0x80 });
    expect(client.messages).toEqual(['a=0', 'a=1']);
  });

  test('binds retained messages as well [MQTT5-3.3.4-9]', () => {
    const it = newBroker();
    const sender = mqttClient(it, v5);
    for (let i = 0; i < 5; i++) sender.publish(`a/${i}`, 'x', { qos: 1, retain: true });
    const client = mqttClient(it, receiveMaximum(2)).subscribe('a/+', { qos: 1 });
    expect(client.messages).toHaveLength(2);
  });

  test('holds back neither QoS 0 nor any other packet [MQTT5-3.3.4-10] [MQTT5-4.9.0-3]', () => {
    const it = newBroker();
    const client = mqttClient(it, receiveMaximum(1)).subscribe('a', { qos: 2 });
    const sender = mqttClient(it, v5).publish('a', '1', { qos: 2 }).publish('a', '2', { qos: 2 });
    const before = client.packets.length;
    sender.publish('a', 'not waiting');
    client.subscribe('b').unsubscribe('b').send({ cmd: 'pingreq' });
    client
      .publish('c', 'x', { qos: 1 })
      .publish('c', 'x', { qos: 2, messageId: 9 })
      .send({ cmd: 'pubrel', messageId: 9 });
    client.send({ cmd: 'pubrec', messageId: client.received('publish')[0]!.messageId! });
    expect(client.packets.slice(before).map(({ cmd }) => cmd)).toEqual([
      'publish',
      'suback',
      'unsuback',
      'pingresp',
      'puback',
      'pubrec',
      'pubcomp',
      'pubrel',
    ]);
  });

  test('of the broker counts what is not completed: a new QoS 1 is answered, other packets go on [MQTT5-4.9.0-3]', () => {
    const it = newBroker({ limits: { receiveMaximum: 2 } });
    const client = mqttClient(it, v5);
    for (const messageId of [1, 2]) client.publish('a', 'x', { qos: 2, messageId });
    client
      .publish('a', 'x', { qos: 2, messageId: 1, dup: true })
      .send({ cmd: 'pingreq' })
      .subscribe('b')
      .publish('b', 'x');
    expect(client.packets.map(({ cmd }) => cmd)).toEqual([
      ...['connack', 'pubrec', 'pubrec', 'pubrec', 'pingresp', 'suback', 'publish'],
    ]);
    for (const messageId of [1, 2]) client.send({ cmd: 'pubrel', messageId });
    client.publish('a', 'x', { qos: 2, messageId: 3 });
    expect(client.isClosed).toBe(false);
  });
});

describe('the receive maximum of the broker', () => {
  const durable = { ...v5, clientId: 'c', clean: false, properties: { sessionExpiryInterval: 60 } };

  test('counts what is sent over one connection: what is left of an earlier one takes no place [MQTT5-4.9.0-1]', async () => {
    const it = newBroker({ limits: { receiveMaximum: 2 } });
    const first = mqttClient(it, durable);
    await settle(it);
    for (const messageId of [1, 2]) first.publish('a', 'x', { qos: 2, messageId });
    await settle(it);
    first.drop();
    const second = mqttClient(it, durable);
    await settle(it);
    second.send({ cmd: 'pubrel', messageId: 1 });
    await settle(it);
    for (const messageId of [3, 4]) second.publish('a', 'x', { qos: 2, messageId });
    await settle(it);
    expect(second.received('pubrec').map(({ messageId }) => messageId)).toEqual([3, 4]);
    expect(second.isClosed).toBe(false);
    second.publish('a', 'x', { qos: 2, messageId: 5 });
    expect(second.last('disconnect')?.reasonCode).toBe(0x93);
  });

  test('counts a message of an earlier connection that is sent again over this one [MQTT5-3.3.4-7]', async () => {
    const it = newBroker({ limits: { receiveMaximum: 1 } });
    const first = mqttClient(it, durable);
    await settle(it);
    first.publish('a', 'x', { qos: 2, messageId: 1 }).drop();
    const second = mqttClient(it, durable);
    await settle(it);
    second.publish('a', 'x', { qos: 2, messageId: 1, dup: true });
    await settle(it);
    expect(second.last('pubrec')?.reasonCode).toBe(0);
    second.publish('a', 'x', { qos: 2, messageId: 2 });
    expect(second.last('disconnect')?.reasonCode).toBe(0x93);
  });
});
