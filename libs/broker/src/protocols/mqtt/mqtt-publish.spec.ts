import mqttPacket from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import type { RetainedStore } from '../../index.js';
import { aPolicy, mqttClient, MqttClient, newBroker } from '../../testing/index.js';

describe('publishing', () => {
  test('a message reaches those whose filters match it, and nobody else [MQTT-3.3.2-3] [MQTT-4.5.0-1]', () => {
    const it = newBroker();
    const exact = mqttClient(it).subscribe('plant/1/temp');
    const plus = mqttClient(it).subscribe('plant/+/temp');
    const hash = mqttClient(it).subscribe('plant/#');
    const other = mqttClient(it).subscribe('plant/1');
    mqttClient(it).publish('plant/1/temp', '21');
    expect([exact.messages, plus.messages, hash.messages]).toEqual(Array(3).fill(['plant/1/temp=21']));
    expect(other.messages).toEqual([]);
  });

  test('a client without publish rights is closed and reaches nobody [MQTT-3.3.5-2]', () => {
    const it = newBroker({ policy: aPolicy({ access: 'sub' }) });
    const watcher = mqttClient(it).subscribe('#');
    const intruder = mqttClient(it).publish('door/open', 'yes');
    expect(intruder.isClosed).toBe(true);
    expect(watcher.messages).toEqual([]);
    expect(it.broker.counters.refused).toBe(1);
  });

  test('MQTT 5 is told that a publish was refused and stays', () => {
    const it = newBroker({ policy: aPolicy({ access: 'sub' }) });
    const client = mqttClient(it, { protocolVersion: 5 });
    client.publish('a', 'x', { qos: 1 }).publish('a', 'x', { qos: 2 }).publish('a', 'x');
    expect(client.last('puback')?.reasonCode).toBe(0x87);
    expect(client.last('pubrec')?.reasonCode).toBe(0x87);
    expect(client.isClosed).toBe(false);
    expect(it.broker.counters.refusals['not-authorized']).toBe(3);
  });

  test('nobody but the broker publishes under $SYS, whatever the rules say', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('$SYS/broker/connection/clients/#', { rh: 2 });
    const before = watcher.messages.length;
    const forger = mqttClient(it, { protocolVersion: 5 });
    forger.publish('$SYS/broker/connection/clients/x', '{}', { qos: 1 });
    expect(forger.last('puback')?.reasonCode).toBe(0x87);
    expect(watcher.messages.slice(before).some((message) => message.endsWith('={}'))).toBe(false);
  });

  test('QoS 1 is acknowledged; QoS 2 goes through its four packets once [MQTT-3.3.4-1] [MQTT-4.3.3-2]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('a');
    const client = mqttClient(it).publish('a', '1', { qos: 1 });
    expect(client.last('puback')).toBeDefined();
    client.publish('a', '2', { qos: 2, messageId: 7 }).publish('a', '2', { qos: 2, messageId: 7, dup: true });
    expect(client.received('pubrec')).toHaveLength(2);
    client.send({ cmd: 'pubrel', messageId: 7 });
    expect(client.last('pubcomp')?.messageId).toBe(7);
    expect(watcher.messages).toEqual(['a=1', 'a=2']);
  });

  test('a message is delivered at the lower of both QoS, with a packet id of its own [MQTT-3.8.4-6]', () => {
    const it = newBroker();
    const one = mqttClient(it).subscribe('a', { qos: 1 });
    const two = mqttClient(it).subscribe('a', { qos: 2 });
    mqttClient(it).publish('a', 'x', { qos: 2 }).publish('a', 'y', { qos: 1 });
    expect(one.received('publish').map(({ qos, messageId }) => [qos, messageId])).toEqual([
      [1, 1],
      [1, 2],
    ]);
    expect(two.received('publish').map(({ qos }) => qos)).toEqual([2, 1]);
  });

  test('QoS 2 deliveries are released and completed', () => {
    const it = newBroker();
    const client = mqttClient(it, { clientId: 'c' }).subscribe('a', { qos: 2 });
    mqttClient(it).publish('a', 'x', { qos: 2 });
    client.send({ cmd: 'pubrec', messageId: 1 });
    expect(client.last('pubrel')?.messageId).toBe(1);
    expect(it.broker.sessions.get('c')?.inFlightCount).toBe(1);
    client.send({ cmd: 'pubcomp', messageId: 1 });
    expect(it.broker.sessions.get('c')?.inFlightCount).toBe(0);
  });

  test('no more deliveries are in flight than the client takes; the rest follows in order [MQTT5-3.3.4-9] [MQTT5-4.9.0-2]', () => {
    const it = newBroker();
    const slow = mqttClient(it, { protocolVersion: 5, properties: { receiveMaximum: 2 } }).subscribe('a', { qos: 1 });
    const sender = mqttClient(it);
    for (const n of [1, 2, 3, 4]) sender.publish('a', String(n), { qos: 1 });
    expect(slow.messages).toEqual(['a=1', 'a=2']);
    slow.send({ cmd: 'puback', messageId: 1 }).send({ cmd: 'puback', messageId: 2 });
    expect(slow.messages).toEqual(['a=1', 'a=2', 'a=3', 'a=4']);
  });

  test('a client that leaves its queue full is ended, and the others notice nothing', () => {
    const it = newBroker({ limits: { queuePerSession: 2 } });
    const stuck = mqttClient(it, { protocolVersion: 5, properties: { receiveMaximum: 1 } }).subscribe('a', { qos: 1 });
    const well = mqttClient(it).subscribe('a');
    const sender = mqttClient(it);
    for (let n = 0; n < 5; n++) sender.publish('a', String(n), { qos: 1 });
    expect(stuck.last('disconnect')?.reasonCode).toBe(0x97);
    expect(it.broker.counters.refusals['quota-exceeded']).toBe(1);
    expect(well.messages).toHaveLength(5);
  });

  test('QoS 1 and 2 wait in the queue while the link is full, and follow in order', () => {
    const it = newBroker({ limits: { outboxBytes: 4000 } });
    const slow = mqttClient(it).subscribe('a', { qos: 1 }).stall();
    const sender = mqttClient(it);
    for (let n = 0; n < 10; n++) sender.publish('a', `${n}${'x'.repeat(1000)}`, { qos: 1 });
    expect(slow.messages.length).toBeLessThan(3);
    slow.readOn();
    expect(slow.messages.map((message) => message[2])).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(slow.isClosed).toBe(false);
  });

  test('a client that takes none of its acknowledgements is ended long before they fill the memory, and counted', () => {
    const it = newBroker({ limits: { outboxBytes: 64 * 1024 } });
    const deaf = mqttClient(it).stall();
    for (let n = 0; n < 2000; n++) deaf.send({ cmd: 'pingreq' });
    expect(deaf.isClosed).toBe(true);
    expect(it.broker.counters.refusals['quota-exceeded']).toBe(1);
  });

  test('overlapping subscriptions bring a message once, at the highest QoS [MQTT-3.3.5-1]', () => {
    const it = newBroker();
    const client = mqttClient(it).subscribe('a/#', { qos: 0 }).subscribe('a/b', { qos: 1 });
    mqttClient(it).publish('a/b', 'x', { qos: 1 });
    expect(client.received('publish').map(({ qos }) => qos)).toEqual([1]);
  });

  test('what a client may not see is cut out of a wider subscription', () => {
    const policy = aPolicy({ effect: 'deny', access: 'sub', topics: ['secret/#'] }, { topics: ['#'] });
    const it = newBroker({ policy });
    const client = mqttClient(it).subscribe('#');
    mqttClient(it).publish('secret/code', '1234').publish('open', 'x');
    expect(client.messages).toEqual(['open=x']);
  });

  test('no-local keeps own messages away, retain-as-published keeps the flag [MQTT5-3.8.3-3] [MQTT5-3.3.1-13]', () => {
    const it = newBroker();
    const client = mqttClient(it, { protocolVersion: 5 }).subscribe('a', { nl: true }).subscribe('b', { rap: true });
    client.publish('a', 'own').publish('b', 'kept', { retain: true });
    expect(client.messages).toEqual(['b=kept']);
    expect(client.last('publish')?.retain).toBe(true);
  });

  test('properties travel from MQTT 5 to MQTT 5, and are left out for MQTT 3', () => {
    const it = newBroker();
    const recent = mqttClient(it, { protocolVersion: 5 }).subscribe('a');
    const old = mqttClient(it).subscribe('a');
    const properties = { contentType: 'text/plain', userProperties: { unit: 'C' }, messageExpiryInterval: 10 };
    mqttClient(it, { protocolVersion: 5 }).publish('a', 'x', { properties });
    expect(recent.last('publish')?.properties).toMatchObject(properties);
    expect(old.messages).toEqual(['a=x']);
  });

  test.each([
    ['a wildcard in the topic [MQTT5-3.3.2-2]', { topic: 'a/+' }, 0x90],
    ['an empty topic', { topic: '' }, 0x82],
    ['a subscription identifier [MQTT5-3.3.4-6]', { topic: 'a', properties: { subscriptionIdentifier: 1 } }, 0x82],
    ['a response topic with a wildcard [MQTT5-3.3.2-14]', { topic: 'a', properties: { responseTopic: 'b/#' } }, 0x82],
  ])('%s ends the link with its reason code', (_what, { topic, ...options }, code) => {
    const it = newBroker();
    const client = mqttClient(it, { protocolVersion: 5 }).publish(topic, 'x', options);
    expect(client.last('disconnect')?.reasonCode).toBe(code);
    expect(client.isClosed).toBe(true);
  });

  test('more QoS 2 publishes than the receive maximum end the link with 0x93 [MQTT5-3.3.4-7]', () => {
    const it = newBroker({ limits: { receiveMaximum: 2 } });
    const client = mqttClient(it, { protocolVersion: 5 });
    expect(client.last('connack')?.properties?.receiveMaximum).toBe(2);
    for (let id = 1; id <= 3; id++) client.publish('a', 'x', { qos: 2, messageId: id });
    expect(client.last('disconnect')?.reasonCode).toBe(0x93);
  });

  test('a message larger than a client takes is not sent to it [MQTT5-3.1.2-24]', () => {
    const it = newBroker();
    const small = mqttClient(it, { protocolVersion: 5, properties: { maximumPacketSize: 50 } }).subscribe('a');
    mqttClient(it).publish('a', 'x'.repeat(100)).publish('a', 'y');
    expect(small.messages).toEqual(['a=y']);
    expect(it.broker.counters.dropped).toBe(1);
  });

  test('a large QoS 1 payload arrives whole at many, each with its own packet id', () => {
    const it = newBroker();
    const clients = Array.from({ length: 3 }, () => mqttClient(it).subscribe('big', { qos: 1 }));
    const payload = 'z'.repeat(100_000);
    const sender = mqttClient(it).publish('big', 'small', { qos: 1 }).publish('big', payload, { qos: 1 });
    expect(sender.received('puback')).toHaveLength(2);
    for (const client of clients) {
      expect(client.received('publish').map(({ messageId }) => messageId)).toEqual([1, 2]);
      expect(client.messages[1]).toBe(`big=${payload}`);
    }
  });
});

describe('acknowledging what must be durable', () => {
  /** A store whose commits happen when the test says so. */
  function slowStore() {
    const commits: { resolve: () => void; reject: (error: Error) => void }[] = [];
    const store: RetainedStore = {
      load: async () => undefined,
      keep: () => new Promise<void>((resolve, reject) => commits.push({ resolve, reject })),
      close: async () => undefined,
    };
    return { store, commits };
  }

  test('a retained QoS 1 publish is acknowledged after its commit, later ones after it, in order [MQTT-4.6.0-2]', async () => {
    const { store, commits } = slowStore();
    const it = newBroker({ retainedStore: store });
    const client = mqttClient(it).publish('a', '1', { qos: 1, retain: true }).publish('b', '2', { qos: 1 });
    expect(client.received('puback')).toEqual([]);
    commits[0]!.resolve();
    await new Promise(setImmediate);
    it.clock.turn();
    expect(client.received('puback').map(({ messageId }) => messageId)).toEqual([1, 2]);
  });

  test('QoS 2 publishes that wait for their commit count once against the receive maximum', () => {
    const { store } = slowStore();
    const it = newBroker({ retainedStore: store, limits: { receiveMaximum: 4 } });
    const client = mqttClient(it, { protocolVersion: 5 });
    for (let i = 1; i <= 4; i++) client.publish(`a/${i}`, 'x', { qos: 2, retain: true });
    expect(client.isClosed).toBe(false);
    client.publish('a/5', 'x', { qos: 2, retain: true });
    expect(client.last('disconnect')?.reasonCode).toBe(0x93);
  });

  test('a QoS 2 publish sent again before its commit is answered once, and released only after its PUBREC', async () => {
    const { store, commits } = slowStore();
    const it = newBroker({ retainedStore: store });
    const watcher = mqttClient(it).subscribe('a');
    const client = mqttClient(it, { protocolVersion: 5 });
    const publish = (dup: boolean) => client.publish('a', 'x', { qos: 2, retain: true, messageId: 7, dup });
    publish(false);
    client.send({ cmd: 'pubrel', messageId: 7 });
    for (let i = 0; i < 5; i++) publish(true);
    expect(client.last('pubcomp')?.reasonCode).toBe(0x92);
    commits[0]!.resolve();
    await new Promise(setImmediate);
    it.clock.turn();
    expect(client.received('pubrec')).toHaveLength(1);
    client.send({ cmd: 'pubrel', messageId: 7 });
    expect(client.last('pubcomp')?.reasonCode).toBe(0);
    expect(watcher.messages).toEqual(['a=x']);
  });

  test('what could not be kept is never acknowledged', async () => {
    const { store, commits } = slowStore();
    const it = newBroker({ retainedStore: store });
    const recent = mqttClient(it, { protocolVersion: 5 }).publish('a', '1', { qos: 1, retain: true });
    const old = mqttClient(it).publish('b', '1', { qos: 2, retain: true });
    for (const { reject } of commits) reject(new Error('away'));
    await new Promise(setImmediate);
    it.clock.turn();
    expect(recent.last('puback')?.reasonCode).toBeGreaterThanOrEqual(0x80);
    expect(old.received('pubrec')).toEqual([]);
    expect(old.isClosed).toBe(true);
  });
});

describe('publishing faster than it can be kept', () => {
  test('holds an MQTT 3 client back at its own link, and loses nothing', async () => {
    const commits: (() => void)[] = [];
    const store: RetainedStore = {
      load: async () => undefined,
      keep: () => new Promise<void>((resolve) => commits.push(resolve)),
      close: async () => undefined,
    };
    const it = newBroker({ retainedStore: store, limits: { receiveMaximum: 3 } });
    const client = mqttClient(it);
    for (let i = 1; i <= 10; i++) client.publish(`a/${i}`, 'x', { qos: 1, retain: true });
    expect(commits).toHaveLength(3);
    for (let i = 0; i < 10; i++) {
      commits[i]!();
      await new Promise(setImmediate);
      it.clock.turn();
    }
    expect(client.received('puback').map(({ messageId }) => messageId)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(client.isClosed).toBe(false);
  });

  test('is not taken for silence while the client is held back', async () => {
    const commits: (() => void)[] = [];
    const store: RetainedStore = {
      load: async () => undefined,
      keep: () => new Promise<void>((resolve) => commits.push(resolve)),
      close: async () => undefined,
    };
    const it = newBroker({ retainedStore: store, limits: { receiveMaximum: 1 } });
    const client = mqttClient(it, { keepalive: 10 }).publish('a', 'x', { qos: 1, retain: true });
    for (let i = 0; i < 12; i++) {
      client.send({ cmd: 'pingreq' });
      it.clock.advance(5000);
    }
    expect(client.isClosed).toBe(false);
    commits[0]!();
    await new Promise(setImmediate);
    it.clock.turn();
    expect(client.received('pingresp')).toHaveLength(12);
    it.clock.advance(17_000);
    expect(client.isClosed).toBe(true);
  });

  test('holds it back also where it was ahead before it was let in', async () => {
    const store: RetainedStore = {
      load: async () => undefined,
      keep: () => new Promise<void>(() => undefined),
      close: async () => undefined,
    };
    const authenticator = { authenticate: () => Promise.resolve({ accepted: true, username: null } as const) };
    const it = newBroker({ retainedStore: store, authenticator, limits: { receiveMaximum: 1 } });
    const client = new MqttClient(it);
    const connect = mqttPacket.generate({ cmd: 'connect', clientId: 'c', clean: true });
    const publish = Buffer.from('3306000161000178', 'hex');
    client.sendBytes(Buffer.concat([connect, publish, publish]));
    await new Promise(setImmediate);
    const { bytesReceived } = it.broker.counters;
    client.publish('a', 'x'.repeat(1000));
    expect(it.broker.counters.bytesReceived).toBe(bytesReceived);
  });
});
