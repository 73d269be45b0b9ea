import { describe, expect, test } from 'vitest';
import type { BrokerOptions } from '../../../broker-options.js';
import { MemorySessionStore } from '../../../ports/memory-session-store.js';
import {
  mqttClient,
  newBroker,
  type MqttClient,
  type MqttClientOptions,
  type TestBroker,
} from '../../../testing/index.js';
import { aDelivery, aQueuedMessage, aStoredSession, aStoredSubscription } from '../../../testing/stored-sessions.js';
import { CrashingSessionStore, Disk } from '../../../testing/session-model/crashing-session-store.js';

const levels = [0, 1, 2] as const;

/** A broker that has started, with a store for sessions: a new one, or what another broker left. */
async function aBroker(sessionStore = new MemorySessionStore(), options: Partial<BrokerOptions> = {}) {
  const it = newBroker({ sessionStore, ...options });
  await it.broker.start();
  return it;
}

/** Lets everything happen that waits for the store. */
async function settled(it: TestBroker): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    await new Promise(setImmediate);
    it.clock.turn();
  }
}

/** The client `c`, connected without clean session unless told otherwise. */
async function connect(it: TestBroker, options: MqttClientOptions = {}): Promise<MqttClient> {
  const client = mqttClient(it, { clientId: 'c', clean: false, ...options });
  await settled(it);
  return client;
}

async function subscribe(it: TestBroker, client: MqttClient, filter: string, qos: 0 | 1 | 2): Promise<void> {
  client.subscribe(filter, { qos });
  await settled(it);
}

/** Publishes as somebody else; resolves when everything is done that comes of it. */
async function publish(it: TestBroker, topic: string, payload: string, qos: 0 | 1 | 2): Promise<void> {
  mqttClient(it, { clientId: 'publisher' }).publish(topic, payload, { qos }).send({ cmd: 'disconnect' });
  await settled(it);
}

/** What came of QoS 1 and 2, in words. */
const story = (client: MqttClient) =>
  client.packets.flatMap((packet) => {
    if (packet.cmd === 'publish') return `${packet.payload.toString()}@${packet.messageId}${packet.dup ? ' dup' : ''}`;
    return packet.cmd === 'pubrel' ? `pubrel@${packet.messageId}` : [];
  });

/** Acknowledges everything that came, and what comes of that, until nothing more does. */
async function acknowledgeAll(it: TestBroker, client: MqttClient): Promise<void> {
  for (let next = 0; next < client.packets.length; next++) {
    const packet = client.packets[next]!;
    const messageId = packet.messageId as number;
    if (packet.cmd === 'publish' && packet.qos === 1) client.send({ cmd: 'puback', messageId });
    if (packet.cmd === 'publish' && packet.qos === 2) client.send({ cmd: 'pubrec', messageId });
    if (packet.cmd === 'pubrel') client.send({ cmd: 'pubcomp', messageId });
    if (next === client.packets.length - 1) await settled(it);
  }
}

describe('clean session 0', () => {
  test('makes a session where there was none, and says so [MQTT-3.1.2-4] [MQTT-3.2.2-3]; resumes it ever after [MQTT-3.2.2-2]', async () => {
    const it = await aBroker();
    const first = await connect(it);
    expect(first.last('connack')).toMatchObject({ returnCode: 0, sessionPresent: false });
    for (const leave of [() => first.drop(), () => undefined, () => undefined]) {
      leave();
      const next = await connect(it);
      expect(next.last('connack')).toMatchObject({ returnCode: 0, sessionPresent: true });
      next.send({ cmd: 'disconnect' });
    }
  });

  test.each(['drop', 'DISCONNECT', 'keep-alive', 'takeover'] as const)(
    'keeps subscriptions when the connection ends by %s [MQTT-3.1.2-4] [MQTT-3.1.4-3] [MQTT-4.1.0-1]',
    async (ending) => {
      const it = await aBroker();
      const first = await connect(it, { keepalive: 10 });
      await subscribe(it, first, 'a/+', 1);
      if (ending === 'drop') first.drop();
      if (ending === 'DISCONNECT') first.send({ cmd: 'disconnect' });
      if (ending === 'keep-alive') it.clock.advance(60_000);
      const second = await connect(it);
      expect(first.isClosed).toBe(true);
      await publish(it, 'a/b', 'x', 2);
      expect(second.received('publish').map(({ qos, payload }) => [qos, payload.toString()])).toEqual([[1, 'x']]);
    },
  );

  test('stores what comes at QoS 1 and 2 while the client is away, for each filter it had [MQTT-3.1.2-5]', async () => {
    const it = await aBroker();
    const client = await connect(it);
    await subscribe(it, client, 'a/#', 2);
    await subscribe(it, client, 'b', 1);
    client.drop();
    for (const [topic, payload, qos] of [
      ['a/1', '1', 1],
      ['a', '2', 2],
      ['b', '3', 2],
      ['c', 'no', 2],
      ['a/x', '4', 1],
    ] as const) {
      await publish(it, topic, payload, qos);
    }
    it.clock.advance(12 * 3_600_000);
    const back = await connect(it);
    await acknowledgeAll(it, back);
    const came = back.received('publish').map(({ topic, payload, qos, dup }) => [topic, payload.toString(), qos, dup]);
    expect(came).toEqual([
      ['a/1', '1', 1, false],
      ['a', '2', 2, false],
      ['b', '3', 1, false],
      ['a/x', '4', 1, false],
    ]);
  });

  test('stores nothing for a filter that was removed, also when the broker starts anew [MQTT-3.1.2-5] [MQTT-3.10.4-2]', async () => {
    const store = new MemorySessionStore();
    const it = await aBroker(store);
    const client = await connect(it);
    await subscribe(it, client, 'a', 1);
    await subscribe(it, client, 'b', 1);
    client.unsubscribe('a');
    await settled(it);
    client.drop();
    await publish(it, 'a', 'no', 1);
    await it.broker.close();
    const again = await aBroker(store);
    await publish(again, 'a', 'no', 1);
    await publish(again, 'b', 'yes', 1);
    expect((await connect(again)).messages).toEqual(['b=yes']);
  });

  test('brings a message once at the highest QoS where filters overlap, also from the store [MQTT-3.3.5-1]', async () => {
    const it = await aBroker();
    const client = await connect(it);
    for (const [filter, qos] of [
      ['#', 0],
      ['a/+', 2],
      ['a/b', 1],
    ] as const)
      await subscribe(it, client, filter, qos);
    client.drop();
    await publish(it, 'a/b', 'x', 2);
    const back = await connect(it);
    expect(back.received('publish').map(({ qos }) => qos)).toEqual([2]);
  });

  test('brings what was retained meanwhile as what it is: a message for an existing subscription [MQTT-3.3.1-9]', async () => {
    const it = await aBroker();
    const client = await connect(it);
    await subscribe(it, client, 'a', 1);
    client.drop();
    mqttClient(it).publish('a', 'x', { qos: 1, retain: true });
    await settled(it);
    const back = await connect(it);
    expect(back.received('publish').map(({ retain, dup }) => [retain, dup])).toEqual([[false, false]]);
  });
});

describe('clean session 1', () => {
  test('discards what was stored, for good [MQTT-3.1.2-6] [MQTT-3.2.2-1] [MQTT-3.1.4-3]', async () => {
    const it = await aBroker();
    const first = await connect(it);
    await subscribe(it, first, 'a', 1);
    first.publish('b', 'unreleased', { qos: 2, messageId: 7 });
    await settled(it);
    first.drop();
    await publish(it, 'a', 'stored', 1);
    const clean = await connect(it, { clean: true });
    expect(clean.last('connack')).toMatchObject({ returnCode: 0, sessionPresent: false });
    await publish(it, 'a', 'not for it', 1);
    expect(clean.packets.map(({ cmd }) => cmd)).toEqual(['connack']);
    clean.drop();
    const third = await connect(it);
    expect(third.packets.map(({ cmd }) => cmd)).toEqual(['connack']);
    expect(third.last('connack')).toMatchObject({ sessionPresent: false });
    const watcher = mqttClient(it).subscribe('b');
    third.publish('b', 'new', { qos: 2, messageId: 7, dup: true });
    await settled(it);
    expect(watcher.messages).toEqual(['b=new']);
  });

  test('discards it also from under a client that is connected [MQTT-3.1.2-6] [MQTT-3.1.4-2]', async () => {
    const it = await aBroker();
    const first = await connect(it);
    await subscribe(it, first, 'a', 1);
    await publish(it, 'a', 'unacknowledged', 1);
    const clean = await connect(it, { clean: true });
    expect([first.isClosed, clean.last('connack')?.sessionPresent]).toEqual([true, false]);
    await publish(it, 'a', 'x', 1);
    expect(clean.messages).toEqual([]);
  });

  test('leaves nothing in the store when its connection ends [MQTT-3.1.2-6]', async () => {
    const store = new MemorySessionStore();
    const it = await aBroker(store);
    const client = await connect(it, { clean: true });
    await subscribe(it, client, 'a', 2);
    await publish(it, 'a', 'x', 2);
    client.drop();
    await settled(it);
    const kept: unknown[] = [];
    await store.load((session) => kept.push(session));
    expect(kept).toEqual([]);
  });
});

describe('what was not acknowledged is sent again when the session is resumed', () => {
  test('under its packet id, with DUP, in order, before anything new; what was acknowledged is not [MQTT-4.4.0-1] [MQTT-3.3.1-1] [MQTT-4.6.0-1]', async () => {
    const it = await aBroker();
    const first = await connect(it);
    await subscribe(it, first, 'a', 2);
    for (const [payload, qos] of [
      ['1', 1],
      ['2', 1],
      ['3', 2],
      ['4', 2],
      ['5', 1],
      ['6', 2],
    ] as const) {
      await publish(it, 'a', payload, qos);
    }
    expect(story(first)).toEqual(['1@1', '2@2', '3@3', '4@4', '5@5', '6@6']);
    first
      .send({ cmd: 'puback', messageId: 1 })
      .send({ cmd: 'pubrec', messageId: 4 })
      .send({ cmd: 'pubrec', messageId: 6 });
    await settled(it);
    first.send({ cmd: 'pubcomp', messageId: 6 });
    await settled(it);
    first.drop();
    await publish(it, 'a', '7', 1);
    const second = await connect(it);
    await publish(it, 'a', '8', 1);
    const publishes = story(second).filter((each) => !each.startsWith('pubrel'));
    expect(publishes).toEqual(['2@2 dup', '3@3 dup', '5@5 dup', '7@7', '8@8']);
    expect(story(second).filter((each) => each.startsWith('pubrel'))).toEqual(['pubrel@4']);
    await acknowledgeAll(it, second);
    second.drop();
    expect(story(await connect(it))).toEqual([]);
  });

  test('each time anew until it is acknowledged, whoever ends the connection [MQTT-4.4.0-1] [MQTT-4.1.0-1]', async () => {
    const it = await aBroker();
    const first = await connect(it);
    await subscribe(it, first, 'a', 2);
    await publish(it, 'a', '1', 1);
    await publish(it, 'a', '2', 2);
    for (let i = 0; i < 3; i++) {
      const next = await connect(it); // takes over from the one before
      expect(story(next)).toEqual(['1@1 dup', '2@2 dup']);
    }
  });

  test('PUBREL instead of PUBLISH once PUBREC has come [MQTT-4.4.0-1] [MQTT-4.3.3-1]', async () => {
    const it = await aBroker();
    const first = await connect(it);
    await subscribe(it, first, 'a', 2);
    await publish(it, 'a', '1', 2);
    first.send({ cmd: 'pubrec', messageId: 1 });
    await settled(it);
    first.drop();
    const second = await connect(it);
    expect(story(second)).toEqual(['pubrel@1']);
    second.drop();
    const third = await connect(it);
    expect(story(third)).toEqual(['pubrel@1']);
    third.send({ cmd: 'pubcomp', messageId: 1 });
    await settled(it);
    third.drop();
    expect(story(await connect(it))).toEqual([]);
  });

  test('PUBRELs in the order of the PUBRECs [MQTT-4.6.0-4]', async () => {
    const it = await aBroker();
    const first = await connect(it);
    await subscribe(it, first, 'a', 2);
    for (const payload of ['1', '2', '3']) await publish(it, 'a', payload, 2);
    for (const messageId of [1, 2, 3]) first.send({ cmd: 'pubrec', messageId });
    await settled(it);
    first.drop();
    expect(story(await connect(it))).toEqual(['pubrel@1', 'pubrel@2', 'pubrel@3']);
  });

  test('but QoS 0 never is [MQTT-4.3.1-1]', async () => {
    const it = await aBroker();
    const first = await connect(it);
    await subscribe(it, first, 'a', 2);
    await publish(it, 'a', 'x', 0);
    first.drop();
    expect((await connect(it)).messages).toEqual([]);
  });

  test('and a retained message is still marked as one [MQTT-3.3.1-8]', async () => {
    const it = await aBroker();
    mqttClient(it).publish('a', 'kept', { qos: 1, retain: true });
    await settled(it);
    const first = await connect(it);
    await subscribe(it, first, 'a', 1);
    first.drop();
    const again = (await connect(it)).received('publish').map(({ retain, dup, messageId }) => [retain, dup, messageId]);
    expect(again).toEqual([[true, true, 1]]);
  });

  test('as far as the window reaches; what was never sent comes after it, without DUP [MQTT-4.4.0-1] [MQTT-4.6.0-6]', async () => {
    const it = await aBroker(undefined, { limits: { inFlightPerSession: 3 } });
    const first = await connect(it);
    await subscribe(it, first, 'a', 1);
    for (let n = 1; n <= 5; n++) await publish(it, 'a', String(n), 1);
    first.drop();
    for (let n = 6; n <= 8; n++) await publish(it, 'a', String(n), 1);
    const second = await connect(it);
    expect(story(second)).toEqual(['1@1 dup', '2@2 dup', '3@3 dup']);
    await acknowledgeAll(it, second);
    expect(story(second)).toEqual(['1@1 dup', '2@2 dup', '3@3 dup', '4@4', '5@5', '6@6', '7@7', '8@8']);
  });

  test('and nothing new takes a packet id that is not free, also when all have been used [MQTT-2.3.1-4] [MQTT-4.3.2-1]', async () => {
    const store = new MemorySessionStore();
    store.keepSession(
      aStoredSession({ id: 1, clientId: 'c', sentSeq: 65_533, disconnectedAt: Date.parse('2026-01-01') }),
    );
    store.keepSubscription(1, aStoredSubscription({ filter: 'a', qos: 1 }));
    for (const seq of [1, 3, 65_533]) store.append(1, aDelivery(seq, { message: aQueuedMessage({ topic: 'a' }) }));
    const it = await aBroker(store);
    const client = await connect(it);
    const ids = () => client.received('publish').map(({ messageId }) => messageId);
    expect(ids()).toEqual([1, 3, 65_533]);
    for (let n = 0; n < 6; n++) await publish(it, 'a', String(n), 1);
    expect(ids()).toEqual([1, 3, 65_533, 65_534, 65_535]);
    client.send({ cmd: 'puback', messageId: 1 });
    await settled(it);
    expect(ids()).toEqual([1, 3, 65_533, 65_534, 65_535, 1, 2]);
    client.send({ cmd: 'puback', messageId: 3 });
    await settled(it);
    expect(ids()).toEqual([1, 3, 65_533, 65_534, 65_535, 1, 2, 3, 4]);
    expect(client.messages.slice(3)).toEqual(['a=0', 'a=1', 'a=2', 'a=3', 'a=4', 'a=5']);
  });
});

describe('QoS 2 from a client whose connection breaks', () => {
  test('is delivered once, however often it is sent before its release [MQTT-4.3.3-2] [MQTT-4.1.0-1]', async () => {
    const it = await aBroker();
    const watcher = mqttClient(it).subscribe('a');
    const first = await connect(it);
    first.publish('a', 'x', { qos: 2, messageId: 7 });
    await settled(it);
    first.drop();
    const second = await connect(it);
    second.publish('a', 'x', { qos: 2, messageId: 7, dup: true });
    await settled(it);
    expect(second.last('pubrec')?.messageId).toBe(7);
    second.drop();
    const third = await connect(it);
    third.send({ cmd: 'pubrel', messageId: 7 });
    await settled(it);
    expect(third.last('pubcomp')?.messageId).toBe(7);
    expect(watcher.messages).toEqual(['a=x']);
    third.publish('a', 'next', { qos: 2, messageId: 7 });
    await settled(it);
    expect(watcher.messages).toEqual(['a=x', 'a=next']);
  });

  test('is delivered once also where the link breaks before the commit [MQTT-4.3.3-2]', async () => {
    const store = new CrashingSessionStore(new Disk());
    const it = newBroker({ sessionStore: store });
    await it.broker.start();
    const watcher = mqttClient(it).subscribe('a');
    const first = await connect(it);
    store.isHolding = true;
    first.publish('a', 'x', { qos: 2, messageId: 7 });
    await settled(it);
    expect(first.received('pubrec')).toEqual([]);
    first.drop();
    const second = mqttClient(it, { clientId: 'c', clean: false });
    second.publish('a', 'x', { qos: 2, messageId: 7, dup: true });
    await settled(it);
    store.commit();
    store.isHolding = false;
    await settled(it);
    expect(second.received('pubrec').length).toBeGreaterThan(0);
    second.send({ cmd: 'pubrel', messageId: 7 });
    await settled(it);
    expect(second.last('pubcomp')?.messageId).toBe(7);
    expect(watcher.messages).toEqual(['a=x']);
  });
});

describe('when the broker starts anew', () => {
  test('sessions, their subscriptions, what they are owed and what is under way are as before [MQTT-4.1.0-1] [MQTT-3.1.2-4] [MQTT-3.1.2-5] [MQTT-4.4.0-1]', async () => {
    const store = new MemorySessionStore();
    const it = await aBroker(store);
    const first = await connect(it);
    await subscribe(it, first, 'a', 2);
    for (const [payload, qos] of [
      ['1', 1],
      ['2', 2],
      ['3', 2],
    ] as const)
      await publish(it, 'a', payload, qos);
    first.send({ cmd: 'pubrec', messageId: 2 }).publish('b', 'x', { qos: 2, messageId: 9 });
    await settled(it);
    first.drop();
    await publish(it, 'a', '4', 1);
    await it.broker.close();

    const again = await aBroker(store);
    const watcher = mqttClient(again).subscribe('b');
    await publish(again, 'a', '5', 1);
    const back = await connect(again);
    expect(back.last('connack')?.sessionPresent).toBe(true);
    expect(story(back).toSorted()).toEqual(['1@1 dup', '3@3 dup', '4@4', '5@5', 'pubrel@2'].toSorted());
    expect(back.messages).toEqual(['a=1', 'a=3', 'a=4', 'a=5']);
    back.publish('b', 'x', { qos: 2, messageId: 9, dup: true }).send({ cmd: 'pubrel', messageId: 9 });
    await settled(again);
    expect([back.last('pubcomp')?.messageId, watcher.messages]).toEqual([9, []]);
  });

  test('after a crash DUP is on all that may have been sent: as many as the window takes, however far apart they are [MQTT-3.3.1-1] [MQTT-4.4.0-1]', async () => {
    const store = new MemorySessionStore();
    store.keepSession(aStoredSession({ id: 1, clientId: 'c', sentSeq: 0, disconnectedAt: null }));
    for (const seq of [1, 3001, 3002, 3003, 3004]) {
      store.append(1, aDelivery(seq, { message: aQueuedMessage({ topic: 'a', payload: Buffer.from(String(seq)) }) }));
    }
    const it = await aBroker(store, { limits: { inFlightPerSession: 3 } });
    const first = await connect(it);
    expect(story(first)).toEqual(['1@1 dup', '3001@3001 dup', '3002@3002 dup']);
    const second = await connect(it);
    await acknowledgeAll(it, second);
    expect(story(second)).toEqual(['1@1 dup', '3001@3001 dup', '3002@3002 dup', '3003@3003', '3004@3004']);
  });

  test('the will of who was connected is published once, also to who was subscribed before [MQTT-3.1.2-8] [MQTT-3.1.2-10]', async () => {
    const disk = new Disk();
    const store = new CrashingSessionStore(disk);
    const it = newBroker({ sessionStore: store });
    await it.broker.start();
    const watcher = await connect(it, { clientId: 'watcher' });
    await subscribe(it, watcher, 'gone', 1);
    await connect(it, { will: { topic: 'gone', payload: 'x', qos: 1, retain: false } });
    store.crash();

    const again = newBroker({ sessionStore: new CrashingSessionStore(disk) });
    await again.broker.start();
    await settled(again);
    again.clock.advance(1000);
    const back = await connect(again, { clientId: 'watcher' });
    expect(back.messages).toEqual(['gone=x']);
    (await connect(again)).drop();
    await settled(again);
    expect(back.messages).toEqual(['gone=x']);
  });
});

describe('the will of a durable session', () => {
  const will = { topic: 'gone', payload: 'x', qos: 1 as const, retain: false };

  test('is published as soon as the connection is gone, once, and not after DISCONNECT [MQTT-3.1.2-8] [MQTT-3.1.2-10] [MQTT-3.14.4-3]', async () => {
    const store = new MemorySessionStore();
    const it = await aBroker(store);
    const watcher = mqttClient(it).subscribe('gone');
    (await connect(it, { will })).drop();
    await settled(it);
    expect(watcher.messages).toEqual(['gone=x']);
    it.clock.advance(3_600_000);
    (await connect(it)).drop();
    (await connect(it, { will })).send({ cmd: 'disconnect' });
    it.clock.advance(3_600_000);
    await settled(it);
    expect(watcher.messages).toEqual(['gone=x']);

    const again = await aBroker(store);
    const other = mqttClient(again).subscribe('gone');
    again.clock.advance(3_600_000);
    await settled(again);
    expect(other.messages).toEqual([]);
  });

  test('is published when another connection takes the session over, which may bring its own [MQTT-3.1.2-8] [MQTT-3.1.4-2]', async () => {
    const it = await aBroker();
    const watcher = mqttClient(it).subscribe('gone');
    await connect(it, { will });
    const second = await connect(it, { will: { ...will, payload: 'second' } });
    expect(watcher.messages).toEqual(['gone=x']);
    second.drop();
    await settled(it);
    expect(watcher.messages).toEqual(['gone=x', 'gone=second']);
  });

  test('reaches the session itself when it is subscribed to it', async () => {
    const it = await aBroker();
    const first = await connect(it, { will });
    await subscribe(it, first, 'gone', 1);
    first.drop();
    await settled(it);
    expect((await connect(it)).messages).toEqual(['gone=x']);
  });
});

describe("a message is the broker's once it is acknowledged", () => {
  test.each([1, 2] as const)(
    'at QoS %i: not before it is stored for everybody who is away [MQTT-4.5.0-1] [MQTT-4.3.2-2] [MQTT-4.3.3-2]',
    async (qos) => {
      const store = new CrashingSessionStore(new Disk());
      const it = newBroker({ sessionStore: store });
      await it.broker.start();
      for (const clientId of ['c', 'd']) {
        const client = await connect(it, { clientId });
        await subscribe(it, client, 'a', 2);
        client.drop();
      }
      await settled(it);
      store.isHolding = true;
      const publisher = mqttClient(it).publish('a', 'x', { qos });
      const answers = () => [...publisher.received('puback'), ...publisher.received('pubrec')].length;
      await settled(it);
      expect(answers()).toBe(0);
      store.commit();
      await settled(it);
      expect(answers()).toBe(1);
      store.isHolding = false;
      for (const clientId of ['c', 'd']) expect((await connect(it, { clientId })).messages).toEqual(['a=x']);
    },
  );

  test('and PUBREL leaves once it is stored that PUBREC has come, so that PUBLISH never follows it [MQTT-4.3.3-1]', async () => {
    const disk = new Disk();
    const store = new CrashingSessionStore(disk);
    const it = newBroker({ sessionStore: store });
    await it.broker.start();
    const client = await connect(it);
    await subscribe(it, client, 'a', 2);
    await publish(it, 'a', 'x', 2);
    store.isHolding = true;
    client.send({ cmd: 'pubrec', messageId: 1 });
    await settled(it);
    expect(story(client)).toEqual(['x@1']);
    store.commit();
    await settled(it);
    expect(story(client)).toEqual(['x@1', 'pubrel@1']);
    store.crash();

    const again = newBroker({ sessionStore: new CrashingSessionStore(disk) });
    await again.broker.start();
    expect(story(await connect(again))).toEqual(['pubrel@1']);
  });

  test('to the client, too: QoS 2 leaves only once it is stored, also where it comes out of a long queue [MQTT-4.3.3-1]', async () => {
    const store = new CrashingSessionStore(new Disk());
    const it = newBroker({ sessionStore: store, limits: { inFlightPerSession: 1 } });
    await it.broker.start();
    const client = await connect(it);
    await subscribe(it, client, 'a', 2);
    const publisher = mqttClient(it);
    for (let n = 0; n < 1030; n++) publisher.publish('a', String(n), { qos: 1, messageId: 1 });
    await settled(it);
    store.isHolding = true;
    publisher.publish('a', 'sure', { qos: 2, messageId: 2 });
    await acknowledgeAll(it, client);
    expect(client.messages).toHaveLength(1030);
    store.commit();
    await settled(it);
    expect(client.messages.at(-1)).toBe('a=sure');
  });
});

describe('order', () => {
  test.each(levels.slice(1))(
    'at QoS %i is kept while the client comes and goes and acknowledges little by little [MQTT-4.6.0-6] [MQTT-4.6.0-1]',
    async (qos) => {
      const it = await aBroker(undefined, { limits: { inFlightPerSession: 4 } });
      let client = await connect(it);
      await subscribe(it, client, 'a', qos);
      const publisher = mqttClient(it);
      const first: string[] = [];
      for (let n = 0; n < 120; n++) {
        publisher.publish('a', String(n), { qos, messageId: n + 1 });
        if (qos === 2) publisher.send({ cmd: 'pubrel', messageId: n + 1 });
        if (n % 7 === 3) client.drop();
        if (n % 7 === 5) client = await connect(it);
        if (n % 3 === 0) await settled(it);
        for (const packet of client.packets.splice(0)) {
          const messageId = packet.messageId as number;
          if (packet.cmd === 'publish') {
            const text = packet.payload.toString();
            if (!packet.dup) expect(first).not.toContain(text);
            if (!first.includes(text)) first.push(text);
            if (n % 2 === 0) client.send({ cmd: qos === 1 ? 'puback' : 'pubrec', messageId });
          }
          if (packet.cmd === 'pubrel') client.send({ cmd: 'pubcomp', messageId });
        }
      }
      client.drop();
      const last = await connect(it);
      await acknowledgeAll(it, last);
      for (const { payload } of last.received('publish'))
        if (!first.includes(payload.toString())) first.push(payload.toString());
      expect(first).toEqual(Array.from({ length: 120 }, (_, n) => String(n)));
    },
  );
});
