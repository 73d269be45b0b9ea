import { describe, expect, test } from 'vitest';
import type { QoS } from 'mqtt-packet';
import { MemorySessionStore } from './ports/memory-session-store.js';
import { GatedSessionStore, settled } from './testing/gated-session-store.js';
import { mqttClient, type MqttClient, type MqttClientOptions } from './testing/mqtt-client.js';
import { aPolicy, newBroker, type TestBroker } from './testing/new-broker.js';

const DURABLE = { clientId: 'pump-7', clean: false } as const;

async function comeBack(it: TestBroker, options: MqttClientOptions = {}): Promise<MqttClient> {
  const client = mqttClient(it, { ...DURABLE, ...options });
  await settled();
  it.clock.turn();
  return client;
}

async function drained(it: TestBroker): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await settled();
    it.clock.turn();
  }
}

/** Counts what all sessions are owed whenever somebody reads. */
class CountingSessionStore extends MemorySessionStore {
  readonly countsAtRead: number[] = [];

  async count(): Promise<number> {
    let count = 0;
    await this.load(({ deliveries }) => (count += deliveries.count));
    return count;
  }

  override async read(...args: Parameters<MemorySessionStore['read']>): ReturnType<MemorySessionStore['read']> {
    this.countsAtRead.push(await this.count());
    return super.read(...args);
  }
}

/** The same data in a new broker, as after a crash. */
async function restart(store: MemorySessionStore): Promise<TestBroker> {
  const it = newBroker({ sessionStore: store });
  await it.broker.start();
  return it;
}

const idsOf = (client: MqttClient) => client.received('publish').map(({ messageId }) => messageId);
const dupsOf = (client: MqttClient) => client.received('publish').map(({ dup }) => dup);

describe('a client with a durable session', () => {
  test('[MQTT-3.1.2-4] [MQTT-3.1.2-5] [MQTT-3.2.2-2] gets what was published while it was away, in order', async () => {
    const it = newBroker();
    const first = mqttClient(it, DURABLE).subscribe('a/#', { qos: 1 });
    expect(first.last('connack')).toMatchObject({ sessionPresent: false });
    first.drop();
    const publisher = mqttClient(it);
    for (let i = 1; i <= 5; i++) publisher.publish('a/b', `${i}`, { qos: 1 });
    publisher.publish('a/b', 'promised nothing');
    expect(publisher.received('puback')).toHaveLength(5);
    const again = await comeBack(it);
    expect(again.last('connack')).toMatchObject({ sessionPresent: true });
    expect(again.messages).toEqual([1, 2, 3, 4, 5].map((i) => `a/b=${i}`));
    expect(dupsOf(again)).toEqual([false, false, false, false, false]);
  });

  test('[MQTT-4.4.0-1] [MQTT-3.3.1-1] is sent again what it did not acknowledge: same packet ids, with DUP', async () => {
    const it = newBroker();
    const first = mqttClient(it, DURABLE).subscribe('a', { qos: 2 });
    const publisher = mqttClient(it);
    for (const [i, qos] of [1, 2, 1].entries()) publisher.publish('a', `${i}`, { qos: qos as QoS });
    first.send({ cmd: 'puback', messageId: idsOf(first)[0] as number });
    const before = idsOf(first).slice(1);
    first.drop();
    const again = await comeBack(it);
    expect(again.messages).toEqual(['a=1', 'a=2']);
    expect(idsOf(again)).toEqual(before);
    expect(dupsOf(again)).toEqual([true, true]);
  });

  test('[MQTT-3.3.1-3] [MQTT5-3.3.1-3] is sent without DUP what it was never sent, whatever it had before and however often the server restarts', async () => {
    const store = new MemorySessionStore();
    const first = mqttClient(newBroker({ sessionStore: store }), DURABLE).subscribe('a', { qos: 1 });
    first.publish('a', 'settled', { qos: 1 });
    first.send({ cmd: 'puback', messageId: idsOf(first)[0]! }).drop();
    mqttClient(await restart(store)).publish('a', 'new', { qos: 1 });
    const again = await comeBack(await restart(store));
    expect(again.messages).toEqual(['a=new']);
    expect(dupsOf(again)).toEqual([false]);
  });

  test('[MQTT-4.3.3-1] is not sent a QoS 2 message again after its PUBREC, but the PUBREL, in any later life', async () => {
    const store = new MemorySessionStore();
    const it = await restart(store);
    const first = mqttClient(it, DURABLE).subscribe('a', { qos: 2 });
    mqttClient(it).publish('a', 'once', { qos: 2 });
    const messageId = idsOf(first)[0] as number;
    first.send({ cmd: 'pubrec', messageId }).drop();
    for (const life of [it, await restart(store)]) {
      const again = await comeBack(life);
      expect(again.messages).toEqual([]);
      expect(again.received('pubrel')).toMatchObject([{ messageId }]);
      again.drop();
    }
    const last = await comeBack(await restart(store));
    last.send({ cmd: 'pubcomp', messageId }).drop();
    expect((await comeBack(await restart(store))).received('pubrel')).toEqual([]);
    expect(store.messageCount).toBe(0);
  });

  test('[MQTT-4.3.3-2] does not publish a QoS 2 message twice by repeating it on another connection or after a crash', async () => {
    const store = new MemorySessionStore();
    const it = await restart(store);
    const watcher = mqttClient(it, { clientId: 'watcher', clean: false }).subscribe('a', { qos: 1 });
    const first = mqttClient(it, DURABLE).publish('a', 'once', { qos: 2, messageId: 9 });
    first.drop();
    const again = await comeBack(it);
    again.publish('a', 'once', { qos: 2, messageId: 9, dup: true });
    expect(again.received('pubrec')).toMatchObject([{ messageId: 9 }]);
    expect(watcher.messages).toEqual(['a=once']);
    watcher.drop();

    const later = await restart(store);
    const third = await comeBack(later);
    third.publish('a', 'once', { qos: 2, messageId: 9, dup: true }).send({ cmd: 'pubrel', messageId: 9 });
    expect(third.last('pubcomp')).toMatchObject({ messageId: 9 });
    third.publish('a', 'another', { qos: 2, messageId: 9 });
    const watching = await comeBack(later, { clientId: 'watcher' });
    expect(watching.messages).toEqual(['a=once', 'a=another']);
  });

  test('has everything after a crash: subscriptions, what waited, what was in flight', async () => {
    const store = new MemorySessionStore();
    const it = await restart(store);
    const first = mqttClient(it, DURABLE).subscribe('a/+', { qos: 1 }).subscribe('b', { qos: 2 }).unsubscribe('b');
    mqttClient(it).publish('a/1', 'in flight', { qos: 1 });
    const [messageId] = idsOf(first);
    const later = await restart(store);
    const publisher = mqttClient(later).publish('a/2', 'queued', { qos: 1 }).publish('b', 'not mine', { qos: 1 });
    expect(publisher.received('puback')).toHaveLength(2);
    const again = await comeBack(later);
    expect(again.messages).toEqual(['a/1=in flight', 'a/2=queued']);
    expect(idsOf(again)[0]).toBe(messageId);
    expect(dupsOf(again)).toEqual([true, false]);
  });

  test('[MQTT-3.1.2-6] [MQTT-3.2.2-1] that starts clean has nothing of it left', async () => {
    const store = new MemorySessionStore();
    const it = await restart(store);
    mqttClient(it, DURABLE).subscribe('a', { qos: 1 }).drop();
    mqttClient(it).publish('a', 'old', { qos: 1 });
    const clean = await comeBack(it, { clean: true });
    expect(clean.last('connack')).toMatchObject({ sessionPresent: false });
    clean.drop();
    const again = await comeBack(it);
    expect(again.last('connack')).toMatchObject({ sessionPresent: false });
    mqttClient(it).publish('a', 'new', { qos: 1 });
    expect(again.messages).toEqual([]);
    expect(store.messageCount).toBe(0);
  });

  test('takes a long queue in pieces, and what comes meanwhile behind it', async () => {
    const it = newBroker();
    mqttClient(it, DURABLE).subscribe('a', { qos: 1 }).drop();
    const publisher = mqttClient(it);
    const publish = (from: number, to: number) => {
      for (let i = from; i < to; i++) publisher.publish('a', `${i}`, { qos: 1 });
    };
    publish(0, 3000);
    const again = await comeBack(it);
    publish(3000, 3100);
    let acknowledged = 0;
    for (let round = 0; round < 200 && again.messages.length < 3100; round++) {
      for (const id of idsOf(again).slice(acknowledged)) again.send({ cmd: 'puback', messageId: id as number });
      acknowledged = idsOf(again).length;
      await drained(it);
    }
    expect(again.messages).toEqual(Array.from({ length: 3100 }, (_, i) => `a=${i}`));
    publish(3100, 3101);
    expect(again.messages.at(-1)).toBe('a=3100');
  });

  test('that reads slowly costs memory for what is next in line, not for large payloads', async () => {
    const it = newBroker();
    const options = { protocolVersion: 5, properties: { receiveMaximum: 1, sessionExpiryInterval: 60 } } as const;
    const client = mqttClient(it, { ...DURABLE, ...options }).subscribe('a', { qos: 1 });
    const publisher = mqttClient(it);
    const large = 'x'.repeat(700_000);
    for (let i = 0; i < 6; i++) publisher.publish('a', `${i}${large}`, { qos: 1 });
    for (let i = 0; i < 6; i++) {
      client.send({ cmd: 'puback', messageId: idsOf(client).at(-1) as number });
      await drained(it);
    }
    expect(client.messages.map((message) => message[2])).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  test('[MQTT5-4.9.0-1] is never sent more than its receive maximum, also when it comes back', async () => {
    const it = newBroker();
    mqttClient(it, DURABLE).subscribe('a', { qos: 2 }).drop();
    const publisher = mqttClient(it);
    for (let i = 0; i < 5; i++) publisher.publish('a', `${i}`, { qos: 1 });
    const again = await comeBack(it, {
      protocolVersion: 5,
      properties: { receiveMaximum: 2, sessionExpiryInterval: 60 },
    });
    expect(again.messages).toEqual(['a=0', 'a=1']);
    again.send({ cmd: 'puback', messageId: idsOf(again)[0] as number });
    expect(again.messages).toEqual(['a=0', 'a=1', 'a=2']);
  });

  test('gets the rest of the retained messages that it was being sent when it went', async () => {
    const it = newBroker({ limits: { inFlightPerSession: 2 } });
    const publisher = mqttClient(it);
    for (let i = 0; i < 6; i++) publisher.publish(`a/${i}`, 'kept', { qos: 1, retain: true });
    const first = mqttClient(it, DURABLE).subscribe('a/+', { qos: 1 });
    expect(first.messages).toHaveLength(2);
    first.drop();
    const seen = new Set<string>();
    for (let i = 0; i < 3; i++) {
      const again = await comeBack(it);
      again.received('publish').forEach(({ topic, retain, messageId }) => {
        expect(retain).toBe(true);
        seen.add(topic);
        again.send({ cmd: 'puback', messageId: messageId as number });
      });
      again.drop();
    }
    expect(seen.size).toBe(6);
  });
});

describe('until it is committed', () => {
  test('a publish that a durable session is owed is not acknowledged, and one that nobody durable is owed is', async () => {
    const store = new GatedSessionStore();
    const it = newBroker({ sessionStore: store });
    const subscriber = mqttClient(it, DURABLE);
    await store.commit();
    it.clock.turn();
    subscriber.subscribe('a', { qos: 1 });
    expect(subscriber.last('suback')).toBeUndefined();
    await store.commit();
    it.clock.turn();
    expect(subscriber.last('suback')).toBeDefined();

    const publisher = mqttClient(it).publish('b', 'for nobody', { qos: 1 });
    expect(publisher.received('puback')).toHaveLength(1);
    publisher.publish('a', 'owed', { qos: 1 }).publish('a', 'owed too', { qos: 2 });
    expect(subscriber.messages).toEqual(['a=owed', 'a=owed too']);
    expect(publisher.received('puback')).toHaveLength(1);
    expect(publisher.received('pubrec')).toHaveLength(0);
    await store.commit();
    it.clock.turn();
    expect(publisher.received('puback')).toHaveLength(2);
    expect(publisher.received('pubrec')).toHaveLength(1);
  });

  test('a CONNECT that makes, resumes or forgets a durable session is not answered', async () => {
    const store = new GatedSessionStore();
    const it = newBroker({ sessionStore: store });
    for (const options of [{ clean: false }, { clean: false }, { clean: true }]) {
      const client = mqttClient(it, { ...DURABLE, ...options });
      expect(client.packets).toEqual([]);
      await store.commit();
      it.clock.turn();
      expect(client.last('connack')).toMatchObject({ returnCode: 0 });
      client.drop();
    }
    expect(mqttClient(it, { clean: true }).last('connack')).toMatchObject({ returnCode: 0 });
  });

  test('a CONNECT that begins anew is not answered, also when an earlier one has asked for that', async () => {
    const store = new GatedSessionStore();
    const it = newBroker({ sessionStore: store });
    const first = mqttClient(it, DURABLE);
    await store.commit();
    it.clock.turn();
    first.drop();
    mqttClient(it, { ...DURABLE, clean: true }).drop();
    const again = mqttClient(it, { ...DURABLE, clean: true });
    expect(again.packets).toEqual([]); // a crash would bring the session back
    await store.commit();
    it.clock.turn();
    expect(again.last('connack')).toMatchObject({ returnCode: 0, sessionPresent: false });
    again.drop();
    expect(mqttClient(it, { ...DURABLE, clean: true }).last('connack')).toMatchObject({ returnCode: 0 });
  });

  test('a QoS 2 message is not sent, its PUBREC not answered, and a PUBREL not either', async () => {
    const store = new GatedSessionStore();
    const it = newBroker({ sessionStore: store });
    const subscriber = mqttClient(it, DURABLE);
    const publisher = mqttClient(it, { clientId: 'publisher', clean: false });
    await store.commit();
    it.clock.turn();
    subscriber.subscribe('a', { qos: 2 });
    publisher.publish('a', 'once', { qos: 2, messageId: 3 });
    await settled();
    it.clock.turn();
    expect(subscriber.messages).toEqual([]);
    expect(publisher.received('pubrec')).toEqual([]);
    await store.commit();
    it.clock.turn();
    expect(subscriber.messages).toEqual(['a=once']);
    expect(publisher.received('pubrec')).toMatchObject([{ messageId: 3 }]);

    publisher.send({ cmd: 'pubrel', messageId: 3 });
    subscriber.send({ cmd: 'pubrec', messageId: idsOf(subscriber)[0] as number });
    expect(publisher.received('pubcomp')).toEqual([]);
    expect(subscriber.received('pubrel')).toEqual([]);
    await store.commit();
    it.clock.turn();
    expect(publisher.received('pubcomp')).toMatchObject([{ messageId: 3 }]);
    expect(subscriber.received('pubrel')).toHaveLength(1);
  });

  test('however often a PUBREC is repeated meanwhile, one PUBREL waits; one that comes later is answered at once', async () => {
    const store = new GatedSessionStore();
    const it = newBroker({ sessionStore: store });
    const subscriber = mqttClient(it, DURABLE);
    await store.commit();
    it.clock.turn();
    subscriber.subscribe('a', { qos: 2 });
    mqttClient(it).publish('a', 'once', { qos: 2 });
    await settled();
    await store.commit();
    it.clock.turn();
    const messageId = idsOf(subscriber)[0] as number;
    for (let i = 0; i < 5; i++) subscriber.send({ cmd: 'pubrec', messageId });
    await store.commit();
    it.clock.turn();
    expect(subscriber.received('pubrel')).toHaveLength(1);
    subscriber.send({ cmd: 'pubrec', messageId });
    expect(subscriber.received('pubrel')).toHaveLength(2);
  });

  test('and what never is, is never acknowledged: MQTT 5 is told, MQTT 3 is closed', async () => {
    const store = new GatedSessionStore();
    const it = newBroker({ sessionStore: store });
    const subscriber = mqttClient(it, DURABLE);
    await store.commit();
    it.clock.turn();
    subscriber.subscribe('a', { qos: 1 });
    await store.commit();
    it.clock.turn();
    const recent = mqttClient(it, { protocolVersion: 5 }).publish('a', 'x', { qos: 1 });
    const old = mqttClient(it).publish('a', 'x', { qos: 1 });
    await store.fail();
    it.clock.turn();
    expect(recent.last('puback')?.reasonCode).toBe(0x97);
    expect(old.received('puback')).toEqual([]);
    expect(old.isClosed).toBe(true);
  });

  test('a client that asks for more and more meanwhile is not listened to any further, and answered later', async () => {
    const store = new GatedSessionStore();
    const it = newBroker({ sessionStore: store, limits: { receiveMaximum: 3 } });
    const client = mqttClient(it, DURABLE);
    await store.commit();
    it.clock.turn();
    for (let i = 0; i < 10; i++) client.subscribe(`a/${i}`, { qos: 1 });
    expect(it.broker.sessions.get('pump-7')?.subscriptions.size).toBe(3);
    await store.open();
    it.clock.turn();
    expect(client.received('suback')).toHaveLength(10);
  });

  test('the connection may end, or another may take its place, and nothing is mixed up', async () => {
    const store = new GatedSessionStore();
    const it = newBroker({ sessionStore: store });
    const first = mqttClient(it, DURABLE);
    const second = mqttClient(it, DURABLE);
    expect(first.isClosed).toBe(true);
    const third = mqttClient(it, { ...DURABLE, clean: true });
    expect(second.isClosed).toBe(true);
    third.drop();
    const last = mqttClient(it, DURABLE);
    await store.open();
    it.clock.turn();
    expect(
      [first, second, third].flatMap((client) => client.received('connack')).map((c) => c.returnCode),
    ).not.toContain(0);
    expect(last.last('connack')).toMatchObject({ returnCode: 0, sessionPresent: false });
    expect([...it.broker.sessions]).toHaveLength(1);
    expect(it.broker.sessions.durable).toBe(1);
    expect(it.faults).toEqual([]);
  });
});

describe('a session that nobody comes back to', () => {
  const expiring = (seconds: number, more: MqttClientOptions = {}): MqttClientOptions => ({
    protocolVersion: 5,
    clientId: 'pump-7',
    properties: { sessionExpiryInterval: seconds },
    ...more,
  });

  test('[MQTT5-3.1.2-23] ends when its expiry interval is over, not before', async () => {
    const store = new MemorySessionStore();
    const it = await restart(store);
    const resume = async () => comeBack(it, expiring(10, { clean: false }));
    mqttClient(it, expiring(10)).subscribe('a', { qos: 1 }).drop();
    it.clock.advance(9_000);
    const again = await resume();
    expect(again.last('connack')).toMatchObject({ sessionPresent: true });
    again.drop();
    mqttClient(it).publish('a', 'x', { qos: 1 });
    it.clock.advance(11_000);
    expect(store.messageCount).toBe(0);
    expect(it.broker.counters.sessionsExpired).toBe(1);
    expect((await resume()).last('connack')).toMatchObject({ sessionPresent: false });
  });

  test('ends at the next start when it was over while the server was down', async () => {
    const store = new MemorySessionStore();
    const it = await restart(store);
    mqttClient(it, expiring(10)).subscribe('a', { qos: 1 }).drop();
    const later = newBroker({ sessionStore: store });
    later.clock.advance(60_000);
    await later.broker.start();
    expect(later.broker.sessions.durable).toBe(0);
    const again = await comeBack(later, expiring(10, { clean: false }));
    expect(again.last('connack')).toMatchObject({ sessionPresent: false });
  });

  test('can be given another end in the DISCONNECT', async () => {
    const it = newBroker();
    const bye = (sessionExpiryInterval: number) => ({
      cmd: 'disconnect' as const,
      reasonCode: 0,
      properties: { sessionExpiryInterval },
    });
    mqttClient(it, expiring(10)).send(bye(100));
    it.clock.advance(50_000);
    const again = await comeBack(it, expiring(10, { clean: false }));
    expect(again.last('connack')).toMatchObject({ sessionPresent: true });
    again.send(bye(0));
    expect(it.broker.sessions.durable).toBe(0);
    const short = mqttClient(it, expiring(0)).send(bye(5));
    expect(short.last('disconnect')?.reasonCode).toBe(0x82);
  });

  test('is told when it may not live as long as it wants', () => {
    const it = newBroker({ limits: { sessionExpirySeconds: 60 } });
    const client = mqttClient(it, expiring(3600));
    expect(client.last('connack')?.properties?.sessionExpiryInterval).toBe(60);
    expect(mqttClient(it, expiring(30)).last('connack')?.properties?.sessionExpiryInterval).toBeUndefined();
  });

  test('leaves what it had of a shared subscription to the others', async () => {
    const it = newBroker();
    mqttClient(it, expiring(10)).subscribe('$share/g/a', { qos: 1 }).drop();
    mqttClient(it).publish('a', '1', { qos: 1 }).publish('a', '2', { qos: 2 });
    const other = mqttClient(it, { protocolVersion: 5 }).subscribe('$share/g/a', { qos: 2 });
    it.clock.advance(11_000);
    await drained(it);
    expect(other.messages.sort()).toEqual(['a=1', 'a=2']);
  });

  test('leaves it to them at one stroke: no crash half way brings it to two', async () => {
    const store = new CountingSessionStore();
    const it = await restart(store);
    mqttClient(it, expiring(10)).subscribe('$share/g/a', { qos: 2 }).drop();
    const publisher = mqttClient(it);
    for (let i = 0; i < 600; i++) publisher.publish('a', `${i}`, { qos: 2, messageId: i + 1 });
    mqttClient(it, { ...expiring(1000), clientId: 'other' })
      .subscribe('$share/g/a', { qos: 2 })
      .drop();
    it.clock.advance(11_000);
    await drained(it);
    expect(store.countsAtRead).toEqual([600, 600, 600, 600]);
    expect(await store.count()).toBe(600);
  });
});

describe('the will of a durable session', () => {
  const withWill = (willDelayInterval: number, sessionExpiryInterval = 60): MqttClientOptions => ({
    protocolVersion: 5,
    clientId: 'pump-7',
    clean: false,
    properties: { sessionExpiryInterval },
    will: { topic: 'will', payload: Buffer.from('gone'), qos: 1, retain: false, properties: { willDelayInterval } },
  });

  test('[MQTT5-3.1.3-9] waits for its delay, and is not sent when the client is back by then', async () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('will');
    mqttClient(it, withWill(10)).drop();
    it.clock.advance(9_000);
    const again = await comeBack(it, withWill(10));
    it.clock.advance(60_000);
    expect(watcher.messages).toEqual([]);
    again.drop();
    it.clock.advance(11_000);
    expect(watcher.messages).toEqual(['will=gone']);
    it.clock.advance(100_000);
    expect(watcher.messages).toEqual(['will=gone']);
  });

  test('[MQTT5-3.1.2-8] is sent when the session ends before the delay does', async () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('will');
    mqttClient(it, withWill(100, 10)).drop();
    it.clock.advance(11_000);
    expect(watcher.messages).toEqual(['will=gone']);
    mqttClient(it, withWill(100)).drop();
    await comeBack(it, { ...withWill(100), clean: true });
    expect(watcher.messages).toEqual(['will=gone', 'will=gone']);
  });

  test('is sent after a crash, when the client does not come back in time', async () => {
    const store = new MemorySessionStore();
    mqttClient(await restart(store), withWill(10));
    const later = await restart(store);
    const watcher = mqttClient(later).subscribe('will');
    later.clock.advance(9_000);
    expect(watcher.messages).toEqual([]);
    later.clock.advance(2_000);
    expect(watcher.messages).toEqual(['will=gone']);
    const third = await restart(store);
    const watching = mqttClient(third).subscribe('will');
    third.clock.advance(100_000);
    expect(watching.messages).toEqual([]);
  });

  test('[MQTT-3.14.4-3] is forgotten after a DISCONNECT', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('will');
    mqttClient(it, withWill(0)).send({ cmd: 'disconnect', reasonCode: 0 });
    it.clock.advance(100_000);
    expect(watcher.messages).toEqual([]);
  });
});

describe('bounds', () => {
  test('a full queue drops the new message for its session alone, and counts it', async () => {
    const it = newBroker({ limits: { queuePerSession: 3 } });
    mqttClient(it, DURABLE).subscribe('a', { qos: 1 }).drop();
    const other = mqttClient(it).subscribe('a', { qos: 1 });
    const publisher = mqttClient(it);
    for (let i = 0; i < 5; i++) publisher.publish('a', `${i}`, { qos: 1 });
    expect(publisher.received('puback')).toHaveLength(5);
    expect(other.messages).toHaveLength(5);
    expect(it.broker.counters.queueOverflows).toBe(2);
    expect((await comeBack(it)).messages).toEqual(['a=0', 'a=1', 'a=2']);
  });

  test('where it is wanted so, a full queue refuses the message to its publisher', () => {
    const it = newBroker({ limits: { queuePerSession: 3, whenQueueFull: 'refuse' } });
    mqttClient(it, DURABLE).subscribe('a', { qos: 1 }).drop();
    const other = mqttClient(it).subscribe('a', { qos: 1 });
    const publisher = mqttClient(it, { protocolVersion: 5 });
    for (let i = 0; i < 4; i++) publisher.publish('a', `${i}`, { qos: 1 });
    expect(publisher.received('puback').map(({ reasonCode }) => reasonCode ?? 0)).toEqual([0, 0, 0, 0x97]);
    expect(other.messages).toHaveLength(3);
    const old = mqttClient(it).publish('a', 'x', { qos: 1 });
    expect(old.isClosed).toBe(true);
  });

  test('QoS 0 waits where it is wanted, and is the first to go', async () => {
    const it = newBroker({ limits: { queuePerSession: 3, queueQos0: true } });
    mqttClient(it, DURABLE).subscribe('a', { qos: 1 }).drop();
    const publisher = mqttClient(it);
    for (let i = 0; i < 5; i++) publisher.publish('a', `${i}`, { qos: i < 3 ? 0 : 1 });
    const again = await comeBack(it);
    expect(again.messages).toEqual(['a=2', 'a=3', 'a=4']);
    expect(it.broker.log.queuedMessages).toBe(2);
  });

  test('what all sessions are owed has a bound, and is counted down again', async () => {
    const it = newBroker({ limits: { queuedMessages: 4 } });
    mqttClient(it, DURABLE).subscribe('a', { qos: 1 }).drop();
    mqttClient(it, { clientId: 'b', clean: false }).subscribe('a', { qos: 1 }).drop();
    const publisher = mqttClient(it);
    for (let i = 0; i < 3; i++) publisher.publish('a', `${i}`, { qos: 1 });
    expect(it.broker.log.queuedMessages).toBe(4);
    const again = await comeBack(it);
    for (const id of idsOf(again)) again.send({ cmd: 'puback', messageId: id as number });
    await comeBack(it, { clientId: 'b', clean: true });
    expect(it.broker.log).toMatchObject({ queuedMessages: 0, queuedBytes: 0 });
  });

  test('no more durable sessions than may be; those there are go on', async () => {
    const it = newBroker({ limits: { durableSessions: 1 } });
    mqttClient(it, DURABLE).drop();
    const refused = mqttClient(it, { clientId: 'another', clean: false });
    expect(refused.last('connack')?.returnCode).toBe(3);
    expect((await comeBack(it)).last('connack')).toMatchObject({ returnCode: 0, sessionPresent: true });
    expect((await comeBack(it, { clean: true })).last('connack')?.returnCode).toBe(0);
    expect(mqttClient(it, { clientId: 'another', clean: false }).last('connack')?.returnCode).toBe(0);
  });
});

describe('a change of the policy', () => {
  test('reaches sessions that are offline, and what waits for them', async () => {
    const it = newBroker();
    mqttClient(it, DURABLE).subscribe('secret/#', { qos: 1 }).subscribe('open/#', { qos: 1 }).drop();
    const publisher = mqttClient(it).publish('secret/a', 'x', { qos: 1 }).publish('open/a', 'y', { qos: 1 });
    const lost = it.broker.setPolicy(aPolicy({ effect: 'deny', access: 'sub', topics: ['secret/#'] }, {}));
    expect(lost).toMatchObject([{ clientId: 'pump-7', topic: 'secret/#', ruleId: 'r1' }]);
    publisher.publish('secret/b', 'z', { qos: 1 });
    const again = await comeBack(it);
    expect(again.messages).toEqual(['open/a=y']);
  });

  test('reaches what waits in memory for a client that is online', async () => {
    const it = newBroker();
    const options = { protocolVersion: 5, properties: { receiveMaximum: 1, sessionExpiryInterval: 60 } } as const;
    const client = mqttClient(it, { ...DURABLE, ...options }).subscribe('#', { qos: 1 });
    const publisher = mqttClient(it);
    for (const topic of ['a', 'secret', 'b']) publisher.publish(topic, 'x', { qos: 1 });
    it.broker.setPolicy(aPolicy({ effect: 'deny', access: 'sub', topics: ['secret'] }, {}));
    await drained(it);
    client.send({ cmd: 'puback', messageId: idsOf(client)[0] as number });
    await drained(it);
    expect(client.messages).toEqual(['a=x', 'b=x']);
  });

  test('ends a QoS 2 delivery that had begun without showing it again: its packet id must become free', async () => {
    const store = new MemorySessionStore();
    const it = await restart(store);
    const client = mqttClient(it, DURABLE).subscribe('secret', { qos: 2 });
    mqttClient(it).publish('secret', 'x', { qos: 2 });
    const messageId = idsOf(client)[0] as number;
    client.drop();
    it.broker.setPolicy(aPolicy({ effect: 'deny', access: 'sub', topics: ['secret'] }, {}));
    const again = await comeBack(it);
    expect(again.messages).toEqual([]);
    expect(again.received('pubrel')).toMatchObject([{ messageId }]);
    again.send({ cmd: 'pubcomp', messageId });
    await drained(it);
    expect(store.messageCount).toBe(0);
  });

  test('that came while the server was down holds for what was kept', async () => {
    const store = new MemorySessionStore();
    const it = await restart(store);
    mqttClient(it, DURABLE).subscribe('secret/#', { qos: 1 }).subscribe('open/#', { qos: 1 }).drop();
    mqttClient(it).publish('secret/a', 'x', { qos: 1 }).publish('open/a', 'y', { qos: 1 });
    const later = newBroker({ sessionStore: store, policy: aPolicy({ topics: ['open/#'] }) });
    await later.broker.start();
    expect((await comeBack(later)).messages).toEqual(['open/a=y']);
    await drained(later);
    expect(later.broker.sessions.get('pump-7')?.subscriptions.size).toBe(1);
  });
});

describe('a QoS 1 publish to durable sessions that are online', () => {
  const owedTo = async (...clientIds: string[]) => {
    const store = new GatedSessionStore();
    const it = newBroker({ sessionStore: store });
    const subscribers = clientIds.map((clientId) => mqttClient(it, { clientId, clean: false }));
    await store.commit();
    for (const subscriber of subscribers) subscriber.subscribe('a', { qos: 1 });
    await store.commit();
    return { it, store, subscribers, publisher: mqttClient(it) };
  };
  const acknowledge = (client: MqttClient, nth = 0) =>
    client.send({ cmd: 'puback', messageId: idsOf(client)[nth] as number });
  const answersTo = (client: MqttClient) => client.received('puback').map(({ messageId }) => messageId);

  test('is acknowledged when all of them have it, before anything is committed', async () => {
    const { it, subscribers, publisher } = await owedTo('one', 'two');
    publisher.publish('a', 'x', { qos: 1, messageId: 1 });
    acknowledge(subscribers[0]!);
    expect(answersTo(publisher)).toEqual([]);
    acknowledge(subscribers[1]!);
    it.clock.turn();
    expect(answersTo(publisher)).toEqual([1]);
  });

  test('[MQTT-4.6.0-2] waits for its turn: what was published before it is acknowledged first', async () => {
    const { it, store, subscribers, publisher } = await owedTo('one');
    const [subscriber] = subscribers as [MqttClient];
    for (const messageId of [1, 2, 3]) publisher.publish('a', `${messageId}`, { qos: 1, messageId });
    publisher.publish('b', 'for nobody', { qos: 1, messageId: 4 });
    acknowledge(subscriber, 2);
    acknowledge(subscriber, 0);
    it.clock.turn();
    expect(answersTo(publisher)).toEqual([1]);
    await store.commit();
    it.clock.turn();
    expect(answersTo(publisher)).toEqual([1, 2, 3, 4]);
    acknowledge(subscriber, 1);
    it.clock.turn();
    expect(answersTo(publisher)).toEqual([1, 2, 3, 4]);
  });

  test('waits for the commit when one that is owed it is not there, or goes', async () => {
    const { it, store, subscribers, publisher } = await owedTo('one', 'away', 'leaves');
    subscribers[1]!.drop();
    await store.commit();
    publisher.publish('a', 'x', { qos: 1, messageId: 1 });
    acknowledge(subscribers[0]!);
    acknowledge(subscribers[2]!);
    it.clock.turn();
    expect(answersTo(publisher)).toEqual([]);
    subscribers[2]!.drop();
    publisher.publish('a', 'y', { qos: 1, messageId: 2 });
    await store.commit();
    it.clock.turn();
    expect(answersTo(publisher)).toEqual([1, 2]);
  });

  test('waits for the commit when the session ends: others of its group may be owed the message by then', async () => {
    const store = new GatedSessionStore();
    const it = newBroker({ sessionStore: store });
    const member = mqttClient(it, {
      clientId: 'member',
      clean: false,
      protocolVersion: 5,
      properties: { sessionExpiryInterval: 60 },
    });
    await store.commit();
    member.subscribe('$share/g/a', { qos: 1 });
    await store.commit();
    const publisher = mqttClient(it).publish('a', 'x', { qos: 1, messageId: 1 });
    expect(member.messages).toEqual(['a=x']);
    mqttClient(it, { clientId: 'member', clean: true });
    it.clock.turn();
    expect(answersTo(publisher)).toEqual([]);
    await store.commit();
    it.clock.turn();
    expect(answersTo(publisher)).toEqual([1]);
  });

  test('is acknowledged after the commit only, when it is retained, too', async () => {
    const { it, store, subscribers, publisher } = await owedTo('one');
    publisher.publish('a', 'x', { qos: 1, messageId: 1, retain: true });
    acknowledge(subscribers[0]!);
    await settled();
    it.clock.turn();
    expect(answersTo(publisher)).toEqual([]);
    await store.commit();
    it.clock.turn();
    expect(answersTo(publisher)).toEqual([1]);
  });
});
