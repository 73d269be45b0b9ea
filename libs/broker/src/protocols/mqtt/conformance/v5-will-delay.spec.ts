import { describe, expect, test } from 'vitest';
import { mqttClient, newBroker, type MqttClient, type TestBroker } from '../../../testing/index.js';
import { settle } from '../../../testing/settle.js';

const v5 = { protocolVersion: 5 } as const;

interface Lifetimes {
  readonly willDelayInterval?: number;
  readonly sessionExpiryInterval?: number;
  readonly clean?: boolean;
}

/** Connects the client `c` with a will that is delayed, both by 60 seconds unless told otherwise. */
async function connect(it: TestBroker, lifetimes: Lifetimes = {}): Promise<MqttClient> {
  const { willDelayInterval = 60, sessionExpiryInterval = 600, clean = false } = lifetimes;
  const will = { topic: 'gone', payload: 'c', qos: 0 as const, retain: false, properties: { willDelayInterval } };
  const client = mqttClient(it, { ...v5, clientId: 'c', clean, will, properties: { sessionExpiryInterval } });
  await settle(it);
  return client;
}

/** Lets time pass in between commits. */
async function pass(it: TestBroker, seconds: number): Promise<void> {
  it.clock.advance(seconds * 1000);
  await settle(it);
}

describe('a will with a delay', () => {
  test('is published when its client was away for so long, once [MQTT5-3.1.2-8] [MQTT5-3.1.2-10]', async () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('gone');
    (await connect(it)).drop();
    await pass(it, 58);
    expect(watcher.messages).toEqual([]);
    await pass(it, 4);
    expect(watcher.messages).toEqual(['gone=c']);
    expect(watcher.last('publish')?.properties).toBeUndefined();
    await pass(it, 1000);
    expect(watcher.messages).toEqual(['gone=c']);
  });

  test('is not published when its client is back within it [MQTT5-3.1.3-9] [MQTT5-3.1.2-8]', async () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('gone');
    (await connect(it)).drop();
    await pass(it, 50);
    const back = mqttClient(it, { ...v5, clientId: 'c', clean: false, properties: { sessionExpiryInterval: 600 } });
    await settle(it);
    expect(back.last('connack')?.sessionPresent).toBe(true);
    await pass(it, 1000);
    expect(watcher.messages).toEqual([]);
  });

  test('is not published when its client takes its connection over [MQTT5-3.1.3-9]', async () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('gone');
    await connect(it);
    await connect(it);
    await pass(it, 1000);
    expect(watcher.messages).toEqual([]);
  });

  test('begins anew with each connection that ends', async () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('gone');
    for (let i = 0; i < 3; i++) {
      (await connect(it)).drop();
      await pass(it, 50);
    }
    expect(watcher.messages).toEqual([]);
    await pass(it, 15);
    expect(watcher.messages).toEqual(['gone=c']);
  });

  test.each([
    ['that ends before', 20],
    ['that ends with the connection', 0],
  ])('is published with the end of a session %s [MQTT5-3.1.2-8]', async (_when, sessionExpiryInterval) => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('gone');
    (await connect(it, { sessionExpiryInterval })).drop();
    await pass(it, sessionExpiryInterval + 2);
    expect(watcher.messages).toEqual(['gone=c']);
    await pass(it, 1000);
    expect(watcher.messages).toEqual(['gone=c']);
  });

  test('is published when Clean Start ends its session, offline or connected [MQTT5-3.1.2-8] [MQTT5-3.1.2-4]', async () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('gone');
    (await connect(it)).drop();
    await connect(it, { clean: true });
    expect(watcher.messages).toEqual(['gone=c']);
    await connect(it, { clean: true });
    expect(watcher.messages).toEqual(['gone=c', 'gone=c']);
  });

  test('of 0 is published at once, although the session lives on and its client is back [MQTT5-3.1.2-8]', async () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('gone');
    await connect(it, { willDelayInterval: 0 });
    await connect(it, { willDelayInterval: 0 });
    expect(watcher.messages).toEqual(['gone=c']);
  });

  test('is discarded by a normal good-bye, and waits after one that asks for it [MQTT5-3.14.4-3] [MQTT5-3.1.2-10]', async () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('gone');
    (await connect(it)).send({ cmd: 'disconnect', reasonCode: 0 });
    await pass(it, 1000);
    expect(watcher.messages).toEqual([]);
    (await connect(it)).send({ cmd: 'disconnect', reasonCode: 4 });
    await pass(it, 50);
    expect(watcher.messages).toEqual([]);
    await pass(it, 15);
    expect(watcher.messages).toEqual(['gone=c']);
  });

  test.each([
    [0, 1],
    [20, 22],
  ])(
    'comes with the end that the good-bye gives the session: after %i seconds [MQTT5-3.1.2-8]',
    async (seconds, wait) => {
      const it = newBroker();
      const watcher = mqttClient(it, v5).subscribe('gone');
      const properties = { sessionExpiryInterval: seconds };
      (await connect(it)).send({ cmd: 'disconnect', reasonCode: 4, properties });
      if (seconds > 0) expect(watcher.messages).toEqual([]);
      await pass(it, wait);
      expect(watcher.messages).toEqual(['gone=c']);
    },
  );

  test('stops neither the messages that its session is owed nor its subscriptions', async () => {
    const it = newBroker();
    (await connect(it)).subscribe('gone', { qos: 1 });
    await settle(it);
    it.broker.disconnect('c');
    await pass(it, 62);
    mqttClient(it, v5).publish('gone', 'later', { qos: 1 });
    await settle(it);
    expect((await connect(it)).messages).toEqual(['gone=later']);
  });
});
