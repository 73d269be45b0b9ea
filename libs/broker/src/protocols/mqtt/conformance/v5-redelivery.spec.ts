import { describe, expect, test } from 'vitest';
import {
  mqttClient,
  newBroker,
  type MqttClient,
  type MqttClientOptions,
  type TestBroker,
} from '../../../testing/index.js';
import { settle } from '../../../testing/settle.js';

const v5 = { protocolVersion: 5 } as const;

/** Connects the client `c`, whose session outlives its connection. */
async function connect(it: TestBroker, options: MqttClientOptions = {}): Promise<MqttClient> {
  const properties = { sessionExpiryInterval: 10_000, ...options.properties };
  const client = mqttClient(it, { ...v5, clientId: 'c', clean: false, ...options, properties });
  await settle(it);
  return client;
}

/** The client `c`, subscribed to `a`, has these messages and has answered none of them. */
async function delivered(it: TestBroker, qos: 1 | 2, ...payloads: string[]): Promise<MqttClient> {
  const client = (await connect(it)).subscribe('a', { qos });
  await settle(it);
  await publish(it, qos, ...payloads);
  return client;
}

async function publish(it: TestBroker, qos: 1 | 2, ...payloads: string[]): Promise<void> {
  const sender = mqttClient(it, v5);
  for (const payload of payloads) sender.publish('a', payload, { qos });
  await settle(it);
}

const sent = (client: MqttClient) =>
  client.received('publish').map(({ payload, dup, messageId }) => [payload.toString(), dup, messageId]);
const idOf = (client: MqttClient, payload: string) =>
  client.received('publish').find((packet) => packet.payload.toString() === payload)!.messageId!;

describe('what was not acknowledged', () => {
  test.each([1, 2] as const)(
    'is sent again at a reconnect, in the same order, marked, with its packet id; what waited comes after it: QoS %i [MQTT5-4.4.0-1] [MQTT5-3.3.1-1] [MQTT5-4.3.2-3] [MQTT5-4.3.3-3] [MQTT5-4.6.0-1]',
    async (qos) => {
      const it = newBroker();
      const first = await delivered(it, qos, '1', '2', '3');
      first.drop();
      await publish(it, qos, '4');
      const second = await connect(it);
      const again = sent(first).map(([payload, , messageId]) => [payload, true, messageId]);
      expect(sent(second).slice(0, 3)).toEqual(again);
      expect(sent(second)[3]?.slice(0, 2)).toEqual(['4', false]);
      expect(new Set(sent(second).map(([, , messageId]) => messageId)).size).toBe(4);
    },
  );

  test('is sent again as often as the client comes back without an answer [MQTT5-4.4.0-1]', async () => {
    const it = newBroker();
    (await delivered(it, 1, '1')).drop();
    for (let i = 0; i < 3; i++) {
      const client = await connect(it);
      expect(sent(client)).toEqual([['1', true, 1]]);
      client.drop();
    }
  });

  test('is not sent again once it is acknowledged, whatever the answer said [MQTT5-4.4.0-2] [MQTT5-4.4.0-1]', async () => {
    const it = newBroker();
    const first = await delivered(it, 1, 'thanks', 'no', 'left');
    first.send({ cmd: 'puback', messageId: idOf(first, 'thanks') });
    first.send({ cmd: 'puback', messageId: idOf(first, 'no'), reasonCode: 0x83 });
    await settle(it);
    first.drop();
    expect(sent(await connect(it)).map(([payload]) => payload)).toEqual(['left']);
  });

  test('is at QoS 2, after PUBREC, the PUBREL alone, with its packet id [MQTT5-4.3.3-5] [MQTT5-4.3.3-6] [MQTT5-4.4.0-1]', async () => {
    const it = newBroker();
    const first = await delivered(it, 2, 'received', 'refused', 'unanswered');
    first.send({ cmd: 'pubrec', messageId: idOf(first, 'received') });
    first.send({ cmd: 'pubrec', messageId: idOf(first, 'refused'), reasonCode: 0x80 });
    await settle(it);
    first.drop();
    const second = await connect(it);
    expect(second.received('pubrel').map(({ messageId }) => messageId)).toEqual([idOf(first, 'received')]);
    expect(sent(second)).toEqual([['unanswered', true, idOf(first, 'unanswered')]]);
    second.send({ cmd: 'pubcomp', messageId: idOf(first, 'received') });
    await settle(it);
    second.drop();
    expect((await connect(it)).received('pubrel')).toEqual([]);
  });

  test('at QoS 2 does not expire once it was sent [MQTT5-4.3.3-7]', async () => {
    const it = newBroker();
    const first = await delivered(it, 2);
    mqttClient(it, v5).publish('a', 'brief', { qos: 2, properties: { messageExpiryInterval: 5 } });
    await settle(it);
    expect(first.messages).toEqual(['a=brief']);
    first.drop();
    it.clock.advance(60_000);
    expect(sent(await connect(it))).toEqual([['brief', true, idOf(first, 'brief')]]);
  });

  test('keeps to the receive maximum of the connection that it is sent on [MQTT5-3.3.4-9] [MQTT5-4.9.0-1]', async () => {
    const it = newBroker();
    (await delivered(it, 1, '1', '2', '3')).drop();
    const second = await connect(it, { properties: { receiveMaximum: 2 } });
    expect(second.messages).toEqual(['a=1', 'a=2']);
    second.send({ cmd: 'puback', messageId: idOf(second, '1') });
    await settle(it);
    expect(second.messages).toEqual(['a=1', 'a=2', 'a=3']);
  });

  test('is left out, as if delivered, where the client takes no packet as large any more [MQTT5-3.1.2-24] [MQTT5-3.1.2-25]', async () => {
    const it = newBroker();
    (await delivered(it, 1, 'x'.repeat(200), 'small')).drop();
    const second = await connect(it, { properties: { maximumPacketSize: 100 } });
    expect(second.messages).toEqual(['a=small']);
    second.drop();
    expect((await connect(it)).messages).toEqual(['a=small']);
  });
});

describe('what waits for a client that is away', () => {
  test('goes with its expiry, and says what is left of it [MQTT5-3.3.2-5] [MQTT5-3.3.2-6]', async () => {
    const it = newBroker();
    (await delivered(it, 1)).drop();
    const sender = mqttClient(it, v5);
    sender.publish('a', 'brief', { qos: 1, properties: { messageExpiryInterval: 10 } });
    sender.publish('a', 'long', { qos: 1, properties: { messageExpiryInterval: 100 } });
    await settle(it);
    it.clock.advance(30_000);
    const client = await connect(it);
    expect(client.messages).toEqual(['a=long']);
    expect(client.last('publish')?.properties?.messageExpiryInterval).toBe(70);
  });

  test('is there at once for each of those who subscribe, whoever else is [MQTT5-4.5.0-1]', async () => {
    const it = newBroker();
    for (const clientId of ['c', 'd']) (await connect(it, { clientId })).subscribe('a', { qos: 1 });
    await settle(it);
    const online = mqttClient(it, v5).subscribe('a', { qos: 1 });
    for (const clientId of ['c', 'd']) it.broker.disconnect(clientId);
    await publish(it, 1, 'x');
    expect([online, await connect(it), await connect(it, { clientId: 'd' })].map(({ messages }) => messages)).toEqual(
      Array(3).fill(['a=x']),
    );
  });
});

describe('a QoS 2 publish of a client', () => {
  test('that comes again on its next connection is known, and reaches nobody twice [MQTT5-4.3.3-10] [MQTT5-4.3.3-12]', async () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('b');
    const first = await connect(it);
    first.publish('b', 'x', { qos: 2, messageId: 7 });
    await settle(it);
    first.drop();
    const second = await connect(it);
    second.publish('b', 'x', { qos: 2, messageId: 7, dup: true });
    await settle(it);
    expect(second.last('pubrec')).toMatchObject({ messageId: 7, reasonCode: 0 });
    second.send({ cmd: 'pubrel', messageId: 7 });
    await settle(it);
    expect(second.last('pubcomp')).toMatchObject({ messageId: 7, reasonCode: 0 });
    expect(watcher.messages).toEqual(['b=x']);
    second.publish('b', 'y', { qos: 2, messageId: 7 });
    await settle(it);
    expect(watcher.messages).toEqual(['b=x', 'b=y']);
  });

  test('whose PUBREL comes on its next connection is completed there [MQTT5-4.3.3-11]', async () => {
    const it = newBroker();
    const first = await connect(it);
    first.publish('b', 'x', { qos: 2, messageId: 7 });
    await settle(it);
    first.drop();
    const second = (await connect(it)).send({ cmd: 'pubrel', messageId: 7 });
    await settle(it);
    expect(second.last('pubcomp')).toMatchObject({ messageId: 7, reasonCode: 0 });
  });
});

describe('a shared subscription of a session', () => {
  async function shared(it: TestBroker, qos: 1 | 2): Promise<MqttClient> {
    const client = (await connect(it)).subscribe('$share/g/a', { qos });
    await settle(it);
    await publish(it, qos, 'x');
    expect(client.messages).toEqual(['a=x']);
    mqttClient(it, { ...v5, clientId: 'other' }).subscribe('$share/g/a', { qos });
    return client;
  }

  test('at QoS 2 completes a delivery with the member that it was begun with [MQTT5-4.8.2-4]', async () => {
    const it = newBroker();
    const first = await shared(it, 2);
    first.drop();
    it.clock.advance(60_000);
    const second = await connect(it);
    expect(sent(second)).toEqual([['x', true, idOf(first, 'x')]]);
    second.send({ cmd: 'pubrec', messageId: idOf(first, 'x') });
    await settle(it);
    expect(second.last('pubrel')).toMatchObject({ messageId: idOf(first, 'x'), reasonCode: 0 });
  });

  test('at QoS 2 gives it to nobody else when that session is over [MQTT5-4.8.2-5]', async () => {
    const it = newBroker();
    (await shared(it, 2)).drop();
    const staying = mqttClient(it, v5).subscribe('$share/g/a', { qos: 2 });
    it.clock.advance(10_001_000);
    await settle(it);
    expect(staying.messages).toEqual([]);
  });
});

describe('packet identifiers of a session', () => {
  test('are never given out while in use, however long one is left unanswered: then the next waits [MQTT5-2.2.1-4] [MQTT5-4.3.2-1]', async () => {
    const it = newBroker();
    const client = await delivered(it, 1, 'unanswered');
    const inUse = idOf(client, 'unanswered');
    const sender = mqttClient(it, v5);
    const given = new Set<number>();
    for (let i = 1; i < 65_535; i++) {
      sender.publish('a', '', { qos: 1, messageId: 1 });
      const { messageId } = client.last('publish')!;
      given.add(messageId!);
      client.packets.length = 0;
      client.send({ cmd: 'puback', messageId: messageId! });
    }
    expect([given.size, given.has(inUse), given.has(0)]).toEqual([65_534, false, false]);
    sender.publish('a', 'next', { qos: 1 });
    await settle(it);
    expect(client.messages).toEqual([]);
    client.send({ cmd: 'puback', messageId: inUse });
    await settle(it);
    expect(sent(client)).toEqual([['next', false, inUse]]);
  });
});
