import { describe, expect, test } from 'vitest';
import { aPolicy, mqttClient, newBroker, type MqttClient, type TestBroker } from '../../../testing/index.js';

const v5 = { protocolVersion: 5 } as const;
const inFlight = (it: TestBroker) => it.broker.sessions.get('c')!.inFlightCount;
const lastId = (client: MqttClient) => client.last('publish')!.messageId!;

describe('the broker receives at QoS 1', () => {
  test('and takes what comes after its PUBACK for a new message, DUP or not [MQTT5-4.3.2-5]', () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('a');
    const sender = mqttClient(it, v5);
    for (const dup of [false, true, false]) sender.publish('a', 'x', { qos: 1, messageId: 7, dup });
    expect(sender.received('puback').map(({ messageId }) => messageId)).toEqual([7, 7, 7]);
    expect(watcher.messages).toEqual(['a=x', 'a=x', 'a=x']);
  });
});

describe('the broker receives at QoS 2', () => {
  test('and passes a message on once, however often it comes before its PUBREL [MQTT5-4.3.3-10] [MQTT5-4.3.3-8]', () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('a', { qos: 2 });
    const sender = mqttClient(it, v5);
    for (const dup of [false, true, true, false]) sender.publish('a', 'x', { qos: 2, messageId: 7, dup });
    expect(sender.received('pubrec').map(({ messageId, reasonCode }) => [messageId, reasonCode])).toEqual(
      Array(4).fill([7, 0]),
    );
    expect(watcher.messages).toEqual(['a=x']);
  });

  test('and answers PUBREL with PUBCOMP, after which the packet id is free [MQTT5-4.3.3-11] [MQTT5-4.3.3-12]', () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('a');
    const sender = mqttClient(it, v5);
    for (const payload of ['1', '2']) {
      sender.publish('a', payload, { qos: 2, messageId: 7 }).send({ cmd: 'pubrel', messageId: 7 });
      expect(sender.last('pubcomp')).toMatchObject({ messageId: 7, reasonCode: 0 });
    }
    expect(watcher.messages).toEqual(['a=1', 'a=2']);
  });

  test('and says of a PUBREL that it does not know so, with the packet id [MQTT5-3.7.2-1] [MQTT5-4.3.3-11]', () => {
    const sender = mqttClient(newBroker(), v5).send({ cmd: 'pubrel', messageId: 9 });
    expect(sender.last('pubcomp')).toMatchObject({ messageId: 9, reasonCode: 0x92 });
    expect(sender.isClosed).toBe(false);
  });

  test('and has forgotten a packet id whose message it refused [MQTT5-4.3.3-9]', () => {
    const it = newBroker({ policy: aPolicy({ topics: ['a'] }) });
    const watcher = mqttClient(it, v5).subscribe('a');
    const sender = mqttClient(it, v5).publish('b', 'no', { qos: 2, messageId: 7 });
    expect(sender.last('pubrec')).toMatchObject({ messageId: 7, reasonCode: 0x87 });
    sender.publish('a', 'yes', { qos: 2, messageId: 7 });
    expect(sender.last('pubrec')).toMatchObject({ messageId: 7, reasonCode: 0 });
    expect(watcher.messages).toEqual(['a=yes']);
  });

  test('and goes on with the handshake of a message that has expired [MQTT5-4.3.3-13]', () => {
    const it = newBroker();
    const sender = mqttClient(it, v5);
    sender.publish('a', 'x', { qos: 2, messageId: 7, properties: { messageExpiryInterval: 1 } });
    it.clock.advance(60_000);
    sender.publish('a', 'x', { qos: 2, messageId: 7, dup: true, properties: { messageExpiryInterval: 1 } });
    sender.send({ cmd: 'pubrel', messageId: 7 });
    expect(sender.received('pubrec').map(({ reasonCode }) => reasonCode)).toEqual([0, 0]);
    expect(sender.last('pubcomp')?.reasonCode).toBe(0);
  });

  test('and keeps packet ids of clients, and of directions, apart', () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('#', { qos: 2 });
    const [one, two] = [mqttClient(it, v5), mqttClient(it, v5)];
    for (const client of [one, two, watcher]) client.publish('a', 'x', { qos: 2, messageId: 1 });
    expect(watcher.messages).toEqual(['a=x', 'a=x', 'a=x']);
    watcher.send({ cmd: 'pubrec', messageId: 1 });
    expect(watcher.last('pubrel')).toMatchObject({ messageId: 1, reasonCode: 0 });
    watcher.send({ cmd: 'pubrel', messageId: 1 });
    expect(watcher.last('pubcomp')).toMatchObject({ messageId: 1, reasonCode: 0 });
  });
});

describe('the broker delivers at QoS 1', () => {
  test('and waits for PUBACK, and for nothing else [MQTT5-4.3.2-3] [MQTT5-4.3.2-2]', () => {
    const it = newBroker();
    const client = mqttClient(it, { ...v5, clientId: 'c' }).subscribe('a', { qos: 1 });
    mqttClient(it, v5).publish('a', 'x', { qos: 1 });
    const messageId = lastId(client);
    for (const cmd of ['pubcomp', 'pubrec'] as const) client.send({ cmd, messageId });
    client.send({ cmd: 'puback', messageId: messageId + 1 });
    expect(inFlight(it)).toBe(1);
    client.send({ cmd: 'puback', messageId });
    expect(inFlight(it)).toBe(0);
  });

  test.each([0x00, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99])(
    'and is done with whatever a PUBACK says: %i [MQTT5-4.4.0-2] [MQTT5-3.4.2-1]',
    (reasonCode) => {
      const it = newBroker();
      const client = mqttClient(it, { ...v5, clientId: 'c' }).subscribe('a', { qos: 1 });
      mqttClient(it, v5).publish('a', 'x', { qos: 1 });
      client.send({ cmd: 'puback', messageId: lastId(client), reasonCode });
      expect([inFlight(it), client.isClosed, client.messages.length]).toEqual([0, false, 1]);
    },
  );

  test('and never sends again while the connection lasts [MQTT5-4.4.0-1]', () => {
    const it = newBroker();
    const client = mqttClient(it, v5).subscribe('a', { qos: 2 });
    mqttClient(it, v5).publish('a', '1', { qos: 1 }).publish('a', '2', { qos: 2 });
    client.send({ cmd: 'pubrec', messageId: lastId(client) });
    it.clock.advance(86_400_000);
    expect([client.messages, client.received('pubrel').length]).toEqual([['a=1', 'a=2'], 1]);
  });
});

describe('the broker delivers at QoS 2', () => {
  const delivered = (it: TestBroker) => {
    const client = mqttClient(it, { ...v5, clientId: 'c' }).subscribe('a', { qos: 2 });
    mqttClient(it, v5).publish('a', 'x', { qos: 2 });
    return client;
  };

  test('and waits for PUBREC, then for PUBCOMP [MQTT5-4.3.3-3] [MQTT5-4.3.3-4] [MQTT5-4.3.3-5]', () => {
    const it = newBroker();
    const client = delivered(it);
    const messageId = lastId(client);
    client.send({ cmd: 'puback', messageId }).send({ cmd: 'pubcomp', messageId });
    expect([inFlight(it), client.received('pubrel')]).toEqual([1, []]);
    client.send({ cmd: 'pubrec', messageId });
    expect(client.received('pubrel')).toMatchObject([{ messageId, reasonCode: 0 }]);
    expect(inFlight(it)).toBe(1);
    client.send({ cmd: 'puback', messageId });
    expect(inFlight(it)).toBe(1);
    client.send({ cmd: 'pubcomp', messageId });
    expect(inFlight(it)).toBe(0);
  });

  test('and answers a PUBREC that comes again, without the PUBLISH [MQTT5-4.3.3-4] [MQTT5-4.3.3-6]', () => {
    const it = newBroker();
    const client = delivered(it);
    const messageId = lastId(client);
    for (let i = 0; i < 3; i++) client.send({ cmd: 'pubrec', messageId });
    expect(client.received('pubrel').map(({ reasonCode }) => reasonCode)).toEqual([0, 0, 0]);
    expect(client.messages).toEqual(['a=x']);
  });

  test.each([0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99])(
    'and is done with a PUBREC that refuses: %i, no PUBREL [MQTT5-4.4.0-2] [MQTT5-4.3.3-4] [MQTT5-3.5.2-1]',
    (reasonCode) => {
      const it = newBroker();
      const client = delivered(it);
      client.send({ cmd: 'pubrec', messageId: lastId(client), reasonCode });
      expect([inFlight(it), client.received('pubrel'), client.isClosed]).toEqual([0, [], false]);
    },
  );

  test('and says in its PUBREL when it does not know the packet id [MQTT5-3.6.2-1]', () => {
    const client = mqttClient(newBroker(), v5).send({ cmd: 'pubrec', messageId: 9 });
    expect(client.last('pubrel')).toMatchObject({ messageId: 9, reasonCode: 0x92 });
  });

  test('and finishes what it has begun although the message expires [MQTT5-4.3.3-7]', () => {
    const it = newBroker();
    const client = mqttClient(it, { ...v5, clientId: 'c' }).subscribe('a', { qos: 2 });
    mqttClient(it, v5).publish('a', 'x', { qos: 2, properties: { messageExpiryInterval: 1 } });
    it.clock.advance(60_000);
    expect(inFlight(it)).toBe(1);
    client.send({ cmd: 'pubrec', messageId: lastId(client) });
    expect(client.last('pubrel')?.reasonCode).toBe(0);
  });
});

describe('order', () => {
  test.each([
    [0, 65_535],
    [1, 65_535],
    [2, 65_535],
    [1, 3],
    [2, 3],
  ] as const)(
    'of one client on one topic is kept: QoS %i, window %i [MQTT5-4.6.0-5] [MQTT5-4.6.0-6]',
    (qos, receiveMaximum) => {
      const it = newBroker();
      const client = mqttClient(it, { ...v5, properties: { receiveMaximum } })
        .subscribe('a', { qos })
        .subscribe('b');
      const sender = mqttClient(it, v5);
      const expected = Array.from({ length: 50 }, (_, i) => `a=${i}`);
      for (let i = 0; i < 50; i++) {
        sender.publish('a', String(i), { qos });
        if (qos === 2) sender.send({ cmd: 'pubrel', messageId: i + 1 });
        if (i % 7 === 0) sender.publish('b', 'other');
      }
      for (let done = 0; qos > 0 && done < 50; done++) {
        const messageId = client.received('publish').filter((packet) => packet.qos === qos)[done]!.messageId!;
        if (qos === 1) client.send({ cmd: 'puback', messageId });
        else client.send({ cmd: 'pubrec', messageId }).send({ cmd: 'pubcomp', messageId });
      }
      expect(client.messages.filter((message) => message.startsWith('a='))).toEqual(expected);
    },
  );

  test('is kept by acknowledgements, each kind among itself [MQTT5-4.6.0-2] [MQTT5-4.6.0-3]', async () => {
    const it = newBroker();
    const sender = mqttClient(it, v5);
    for (let messageId = 1; messageId <= 20; messageId++) {
      sender.publish(`a/${messageId}`, 'x', {
        qos: messageId % 2 === 0 ? 1 : 2,
        messageId,
        retain: messageId % 3 === 0,
      });
    }
    await new Promise(setImmediate);
    it.clock.turn();
    expect(sender.received('puback').map(({ messageId }) => messageId)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    expect(sender.received('pubrec').map(({ messageId }) => messageId)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
  });

  test('is kept by PUBRELs, in that of their PUBRECs [MQTT5-4.6.0-4]', () => {
    const it = newBroker();
    const client = mqttClient(it, v5).subscribe('a', { qos: 2 });
    const sender = mqttClient(it, v5);
    for (let i = 0; i < 3; i++) sender.publish('a', String(i), { qos: 2 });
    const [one, two, three] = client.received('publish').map(({ messageId }) => messageId!);
    for (const messageId of [two!, three!, one!]) client.send({ cmd: 'pubrec', messageId });
    expect(client.received('pubrel').map(({ messageId }) => messageId)).toEqual([two, three, one]);
  });
});
