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

/** Connects the client `c`, whose session outlives its connection by 100 seconds unless told otherwise. */
async function connect(it: TestBroker, options: MqttClientOptions = {}): Promise<MqttClient> {
  const properties = { sessionExpiryInterval: 100, ...options.properties };
  const client = mqttClient(it, { ...v5, clientId: 'c', clean: false, ...options, properties });
  await settle(it);
  return client;
}

/** The client `c` subscribes to `a` and goes away. */
async function subscribedAndGone(it: TestBroker, options: MqttClientOptions = {}): Promise<void> {
  const client = (await connect(it, options)).subscribe('a', { qos: 2 });
  await settle(it);
  client.drop();
}

async function publish(it: TestBroker, ...payloads: string[]): Promise<void> {
  const sender = mqttClient(it, v5);
  for (const payload of payloads) sender.publish('a', payload, { qos: payload.startsWith('two') ? 2 : 1 });
  await settle(it);
}

const isPresent = (client: MqttClient) => client.last('connack')?.sessionPresent;
const sent = (client: MqttClient) =>
  client.received('publish').map(({ payload, qos, dup, messageId }) => [payload.toString(), qos, dup, messageId]);

describe('a session', () => {
  test('that is not there is made, and CONNACK says so [MQTT5-3.1.2-6] [MQTT5-3.2.2-3]', async () => {
    const it = newBroker();
    const client = (await connect(it)).subscribe('a');
    expect(client.last('connack')).toMatchObject({ reasonCode: 0, sessionPresent: false });
    await publish(it, 'x');
    expect(client.messages).toEqual(['a=x']);
  });

  test('goes on where it was: subscriptions, and what came meanwhile, in order [MQTT5-3.1.2-5] [MQTT5-3.1.2-23] [MQTT5-3.2.2-3] [MQTT5-4.5.0-1] [MQTT5-4.6.0-5]', async () => {
    const it = newBroker();
    await subscribedAndGone(it);
    await publish(it, '1', 'two', '3');
    const client = await connect(it);
    expect(client.last('connack')).toMatchObject({ reasonCode: 0, sessionPresent: true });
    await publish(it, '4');
    expect(sent(client).map(([payload, qos, dup]) => [payload, qos, dup])).toEqual([
      ['1', 1, false],
      ['two', 2, false],
      ['3', 1, false],
      ['4', 1, false],
    ]);
  });

  test('keeps CONNACK before everything that waits [MQTT5-3.2.0-1]', async () => {
    const it = newBroker();
    await subscribedAndGone(it);
    await publish(it, '1');
    expect((await connect(it)).packets.map(({ cmd }) => cmd)).toEqual(['connack', 'publish']);
  });

  test('is thrown away by Clean Start, with all that was in it [MQTT5-3.1.2-4] [MQTT5-3.1.4-4] [MQTT5-3.2.2-2]', async () => {
    const it = newBroker();
    const first = (await connect(it)).subscribe('a', { qos: 2 });
    await publish(it, 'two');
    first.publish('b', 'x', { qos: 2, messageId: 7 }).drop();
    const client = await connect(it, { clean: true });
    expect([isPresent(client), client.packets.length]).toEqual([false, 1]);
    await publish(it, '1');
    expect(client.messages).toEqual([]);
    client.send({ cmd: 'pubrel', messageId: 7 });
    expect(client.last('pubcomp')?.reasonCode).toBe(0x92);
    client.subscribe('b').drop();
    expect(isPresent(await connect(it))).toBe(true);
  });

  test('is thrown away by Clean Start also while its client is connected [MQTT5-3.1.2-4] [MQTT5-3.1.4-3]', async () => {
    const it = newBroker();
    const first = (await connect(it)).subscribe('a');
    const second = await connect(it, { clean: true });
    await publish(it, 'x');
    expect(first.last('disconnect')?.reasonCode).toBe(0x8e);
    expect([isPresent(second), second.messages, first.messages]).toEqual([false, [], []]);
  });

  test('goes over to a second connection of its client, unacknowledged messages and all [MQTT5-3.1.4-3] [MQTT5-4.4.0-1]', async () => {
    const it = newBroker();
    const first = (await connect(it)).subscribe('a', { qos: 1 });
    await publish(it, '1', '2');
    const second = await connect(it);
    expect([first.isClosed, isPresent(second)]).toEqual([true, true]);
    expect(sent(second)).toEqual(sent(first).map(([payload, qos, , id]) => [payload, qos, true, id]));
  });

  test('ends when its client was away for its expiry, and not before [MQTT5-4.1.0-2]', async () => {
    const it = newBroker();
    await subscribedAndGone(it);
    it.clock.advance(99_000);
    const early = await connect(it);
    expect(isPresent(early)).toBe(true);
    early.drop();
    it.clock.advance(99_000);
    await publish(it, '1');
    it.clock.advance(2_000);
    await publish(it, '2');
    const late = await connect(it);
    expect([isPresent(late), late.messages]).toEqual([false, []]);
  });

  test('without an expiry ends with its connection [MQTT5-4.1.0-2]', async () => {
    const it = newBroker();
    await subscribedAndGone(it, { properties: { sessionExpiryInterval: 0 } });
    await publish(it, '1');
    const client = await connect(it);
    expect([isPresent(client), client.messages]).toEqual([false, []]);
  });

  test('with the longest expiry never ends [MQTT5-3.1.2-23] [MQTT5-4.1.0-2]', async () => {
    const it = newBroker();
    await subscribedAndGone(it, { properties: { sessionExpiryInterval: 0xffff_ffff } });
    it.clock.set(it.clock.now() + 200 * 365 * 86_400_000);
    it.clock.advance(86_400_000);
    expect(isPresent(await connect(it))).toBe(true);
  });

  test('has the expiry of its last CONNECT, or of the good-bye that changes it [MQTT5-4.1.0-2]', async () => {
    const it = newBroker();
    await subscribedAndGone(it);
    const second = await connect(it, { properties: { sessionExpiryInterval: 10 } });
    second.drop();
    it.clock.advance(11_000);
    const third = await connect(it);
    expect(isPresent(third)).toBe(false);
    third.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 1000 } });
    it.clock.advance(999_000);
    const fourth = await connect(it);
    expect(isPresent(fourth)).toBe(true);
    fourth.send({ cmd: 'disconnect', reasonCode: 0, properties: { sessionExpiryInterval: 0 } });
    expect(isPresent(await connect(it))).toBe(false);
  });

  test('is not mentioned to somebody who is refused [MQTT5-3.2.2-6]', async () => {
    const accept = ({ username }: { username: string | null }) =>
      username === null
        ? ({ accepted: true, username } as const)
        : ({ accepted: false, refusal: 'bad-credentials' } as const);
    const it = newBroker({ authenticator: { authenticate: accept } });
    await subscribedAndGone(it);
    const refused = await connect(it, { username: 'eve' });
    expect(refused.last('connack')).toMatchObject({ reasonCode: 0x86, sessionPresent: false });
    expect(isPresent(await connect(it))).toBe(true);
  });

  test('belongs to a client id and to nobody else [MQTT5-3.1.3-2]', async () => {
    const it = newBroker();
    await subscribedAndGone(it);
    await publish(it, '1');
    const other = await connect(it, { clientId: 'C' });
    expect([isPresent(other), other.messages]).toEqual([false, []]);
    expect((await connect(it)).messages).toEqual(['a=1']);
  });

  test('keeps what its subscriptions were made with: identifier, No Local, retain as published', async () => {
    const it = newBroker();
    const client = await connect(it);
    const subscription = { topic: 'a', qos: 1 as const, nl: true, rap: true, rh: 2 };
    client.send({
      cmd: 'subscribe',
      messageId: 1,
      properties: { subscriptionIdentifier: 9 },
      subscriptions: [subscription],
    });
    await settle(it);
    client.drop();
    mqttClient(it, v5).publish('a', 'queued', { qos: 1, retain: true });
    await settle(it);
    const again = await connect(it);
    again.publish('a', 'own', { qos: 1 });
    mqttClient(it, v5).publish('a', 'live', { qos: 1, retain: true });
    await settle(it);
    const seen = again
      .received('publish')
      .map((p) => [p.payload.toString(), p.retain, p.properties?.subscriptionIdentifier]);
    expect(seen).toEqual([
      ['queued', true, 9],
      ['live', true, 9],
    ]);
  });

  test('brings no retained messages of its own accord', async () => {
    const it = newBroker();
    await subscribedAndGone(it);
    mqttClient(it, v5).publish('b', 'x', { retain: true });
    mqttClient(it, v5).publish('a', '', { retain: true });
    expect((await connect(it)).received('publish').filter(({ topic }) => topic === 'b')).toEqual([]);
  });
});
