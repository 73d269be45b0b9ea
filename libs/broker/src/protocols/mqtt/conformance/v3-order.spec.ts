import { describe, expect, test } from 'vitest';
import type { RetainedStore } from '../../../ports/retained-store.js';
import { mqttClient, newBroker, type MqttClient, type TestBroker } from '../../../testing/index.js';

const levels = [0, 1, 2] as const;
const COUNT = 60;

/** Acknowledges everything that came, and what comes of that, until nothing more does. */
function acknowledgeAll(client: MqttClient): void {
  for (let next = 0; next < client.packets.length; next++) {
    const packet = client.packets[next]!;
    const messageId = packet.messageId as number;
    if (packet.cmd === 'publish' && packet.qos === 1) client.send({ cmd: 'puback', messageId });
    if (packet.cmd === 'publish' && packet.qos === 2) client.send({ cmd: 'pubrec', messageId });
    if (packet.cmd === 'pubrel') client.send({ cmd: 'pubcomp', messageId });
  }
}

/** What came of one publisher at one QoS. */
const cameOf = (client: MqttClient, prefix: string) =>
  client.messages.map((message) => message.split('=')[1] as string).filter((text) => text.startsWith(prefix));

/** Several publishers by turns, each with messages of all three QoS on one topic. */
function publishByTurns(it: TestBroker): void {
  const publishers = ['p', 'q', 'r'].map((name) => ({ name, client: mqttClient(it, { clientId: name }) }));
  for (let n = 0; n < COUNT; n++) {
    for (const { name, client } of publishers) {
      for (const qos of levels) client.publish('a', `${name}${qos}:${n}`, { qos });
      acknowledgeAll(client);
      client.packets.length = 0;
    }
  }
}

const expected = (prefix: string) => Array.from({ length: COUNT }, (_, n) => `${prefix}:${n}`);

describe('messages arrive in the order in which their publisher sent them', () => {
  test.each(levels)('at a subscription of QoS %i, each publisher and each QoS [MQTT-4.6.0-5] [MQTT-4.6.0-6]', (qos) => {
    const it = newBroker();
    const client = mqttClient(it).subscribe('a', { qos });
    publishByTurns(it);
    acknowledgeAll(client);
    for (const publisher of ['p', 'q', 'r']) {
      for (const published of levels)
        expect(cameOf(client, `${publisher}${published}`)).toEqual(expected(`${publisher}${published}`));
    }
  });

  test('also where the window is small and acknowledgements come late [MQTT-4.6.0-6]', () => {
    const it = newBroker({ limits: { inFlightPerSession: 3 } });
    const client = mqttClient(it).subscribe('a', { qos: 2 });
    publishByTurns(it);
    acknowledgeAll(client);
    for (const publisher of ['p', 'q', 'r']) {
      for (const qos of levels) expect(cameOf(client, `${publisher}${qos}`)).toEqual(expected(`${publisher}${qos}`));
    }
  });

  test('also where the client reads nothing for a while [MQTT-4.6.0-6]', () => {
    const it = newBroker({ limits: { outboxBytes: 300 } });
    const client = mqttClient(it).subscribe('a', { qos: 2 }).stall();
    publishByTurns(it);
    client.readOn();
    acknowledgeAll(client);
    for (const publisher of ['p', 'q', 'r']) {
      for (const qos of [1, 2]) expect(cameOf(client, `${publisher}${qos}`)).toEqual(expected(`${publisher}${qos}`));
    }
  });

  test('also between filters that overlap and between a shared window of topics [MQTT-4.6.0-6]', () => {
    const it = newBroker({ limits: { inFlightPerSession: 2 } });
    const client = mqttClient(it).subscribe('a/+', { qos: 1 }).subscribe('a/#', { qos: 2 }).subscribe('#', { qos: 0 });
    const publisher = mqttClient(it);
    for (let n = 0; n < COUNT; n++) publisher.publish(`a/${n % 3}`, `p:${n}`, { qos: 2, messageId: n + 1 });
    acknowledgeAll(client);
    expect(cameOf(client, 'p')).toEqual(expected('p'));
  });
});

describe('acknowledgements leave in the order in which the messages came', () => {
  /** A store whose commits happen when the test says so. */
  function slowStore() {
    const commits: (() => void)[] = [];
    const store: RetainedStore = {
      load: async () => undefined,
      keep: () => new Promise<void>((resolve) => commits.push(resolve)),
      close: async () => undefined,
    };
    return { store, commits };
  }

  test.each([
    ['PUBACKs of QoS 1 [MQTT-4.6.0-2]', 1],
    ['PUBRECs of QoS 2 [MQTT-4.6.0-3]', 2],
  ] as const)('%s, also where some wait for a commit and others do not', async (_name, qos) => {
    const { store, commits } = slowStore();
    const it = newBroker({ retainedStore: store });
    const client = mqttClient(it);
    for (let messageId = 1; messageId <= 6; messageId++) {
      client.publish('a', 'x', { qos, messageId, retain: messageId % 2 === 0 });
    }
    for (const commit of commits.reverse()) {
      commit();
      await new Promise(setImmediate);
      it.clock.turn();
    }
    const command = qos === 1 ? 'puback' : 'pubrec';
    expect(client.received(command).map(({ messageId }) => messageId)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('PUBACK and PUBREC keep one order [MQTT-4.6.0-2] [MQTT-4.6.0-3]', () => {
    const client = mqttClient(newBroker());
    for (let messageId = 1; messageId <= 20; messageId++)
      client.publish('a', 'x', { qos: messageId % 3 ? 1 : 2, messageId });
    const answers = client.packets.filter(({ cmd }) => cmd === 'puback' || cmd === 'pubrec');
    expect(answers.map(({ messageId }) => messageId)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });
});

describe('a failure that passes', () => {
  test('ends the connection on which the message came that could not be taken, unacknowledged, and no other [MQTT-4.8.0-2]', async () => {
    let isAway = true;
    const store: RetainedStore = {
      load: async () => undefined,
      keep: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve()),
      close: async () => undefined,
    };
    const it = newBroker({ retainedStore: store });
    const bystander = mqttClient(it).subscribe('b');
    const client = mqttClient(it, { clientId: 'c' }).publish('a', 'x', { qos: 1, retain: true });
    await new Promise(setImmediate);
    it.clock.turn();
    expect([client.isClosed, client.packets.length, bystander.isClosed]).toEqual([true, 1, false]);
    isAway = false;
    const again = mqttClient(it, { clientId: 'c' }).publish('a', 'x', { qos: 1, retain: true, dup: true });
    await new Promise(setImmediate);
    it.clock.turn();
    expect(again.last('puback')?.messageId).toBe(1);
  });
});
