import { describe, expect, test } from 'vitest';
import { MemoryRetainedStore } from '../../ports/memory-retained-store.js';
import { aPolicy, mqttClient, newBroker } from '../../testing/index.js';

describe('subscribing', () => {
  test('each filter gets its own answer, in one packet and in their order [MQTT5-3.8.4-5] [MQTT5-3.8.4-6] [MQTT5-3.9.3-1]', () => {
    const it = newBroker({ policy: aPolicy({ topics: ['own/%c/#'] }) });
    const client = mqttClient(it, { clientId: 'c', protocolVersion: 5 });
    client.send({
      cmd: 'subscribe',
      messageId: 9,
      subscriptions: [
        { topic: 'own/c/#', qos: 2, nl: false, rap: false, rh: 0 },
        { topic: 'own/d/#', qos: 0, nl: false, rap: false, rh: 0 },
        { topic: 'a/#/b', qos: 0, nl: false, rap: false, rh: 0 },
        { topic: '$share/g/own/c/x', qos: 1, nl: false, rap: false, rh: 0 },
        { topic: '$share/g/own/d/x', qos: 1, nl: false, rap: false, rh: 0 },
        { topic: '$share/+/own/c/x', qos: 1, nl: false, rap: false, rh: 0 },
      ],
    });
    expect(client.last('suback')).toMatchObject({ messageId: 9, granted: [2, 0x87, 0x8f, 1, 0x87, 0x8f] });
  });

  test('MQTT 3.1.1 gets 0x80 for what is refused [MQTT-3.9.3-2]', () => {
    const it = newBroker({ policy: aPolicy({ access: 'pub' }) });
    expect(mqttClient(it).subscribe('a').last('suback')?.granted).toEqual([0x80]);
  });

  test('a second subscription to a filter replaces the first [MQTT-3.8.4-3] [MQTT5-3.8.4-3]', () => {
    const it = newBroker();
    const client = mqttClient(it, { clientId: 'c' }).subscribe('a', { qos: 0 }).subscribe('a', { qos: 1 });
    mqttClient(it).publish('a', 'x', { qos: 1 });
    expect(client.received('publish').map(({ qos }) => qos)).toEqual([1]);
    expect(it.broker.sessions.get('c')?.subscriptions.size).toBe(1);
  });

  test('an ended subscription brings nothing more, and MQTT 5 is told when there was none [MQTT5-3.10.4-1] [MQTT5-3.10.4-5]', () => {
    const it = newBroker();
    const client = mqttClient(it, { protocolVersion: 5 }).subscribe('a/+').subscribe('a/#').unsubscribe('a/+');
    mqttClient(it).publish('a/b', '1');
    expect(client.messages).toEqual(['a/b=1']);
    client.unsubscribe('a/#').unsubscribe('a/#');
    mqttClient(it).publish('a/b', '2');
    expect(client.messages).toEqual(['a/b=1']);
    expect(client.received('unsuback').map(({ granted }) => granted)).toEqual([[0], [0], [0x11]]);
  });

  test('wildcards do not reach $-topics [MQTT-4.7.2-1] [MQTT5-4.7.2-1]', () => {
    const it = newBroker();
    const all = mqttClient(it).subscribe('#').subscribe('+/broker/#');
    mqttClient(it).publish('a/broker/x', '1');
    expect(all.messages).toEqual(['a/broker/x=1']);
  });

  test('subscriptions beyond the limit of a session are refused', () => {
    const it = newBroker({ limits: { subscriptionsPerSession: 1 } });
    const client = mqttClient(it, { protocolVersion: 5 }).subscribe('a').subscribe('a', { qos: 1 }).subscribe('b');
    expect(client.received('suback').map(({ granted }) => granted)).toEqual([[0], [1], [0x97]]);
    expect(it.broker.counters.refusals['quota-exceeded']).toBe(1);
  });

  test('a topic or filter with more bytes than the limit is refused', () => {
    const it = newBroker({ limits: { topicBytes: 6 } });
    const client = mqttClient(it, { protocolVersion: 5 });
    client.subscribe('straße').subscribe('a/b/c/');
    expect(client.received('suback').map(({ granted }) => granted)).toEqual([[0x8f], [0]]);
    client.publish('a/b/c/d', 'x', { qos: 1 });
    expect(client.last('puback')?.reasonCode).toBe(0x90);
    client.publish('a/b/c/d', 'x');
    expect(client.last('disconnect')?.reasonCode).toBe(0x90);
  });

  test('a topic or filter with more levels than the limit is refused', () => {
    const it = newBroker({ limits: { topicLevels: 3 } });
    const client = mqttClient(it, { protocolVersion: 5 }).subscribe('a/b/c').subscribe('a/b/c/#');
    expect(client.received('suback').map(({ granted }) => granted)).toEqual([[0], [0x8f]]);
  });
});

describe('retained messages', () => {
  test('the last value of each matching topic comes with the subscription, flagged [MQTT-3.3.1-5] [MQTT-3.3.1-6] [MQTT-3.3.1-8] [MQTT5-3.3.1-5]', () => {
    const it = newBroker();
    mqttClient(it)
      .publish('t/1', 'old', { retain: true })
      .publish('t/1', 'new', { retain: true })
      .publish('t/2', 'x', { retain: true });
    const client = mqttClient(it).subscribe('t/+');
    expect(client.messages.sort()).toEqual(['t/1=new', 't/2=x']);
    expect(client.received('publish').every(({ retain }) => retain)).toBe(true);
  });

  test('live subscribers see the flag cleared [MQTT-3.3.1-9] [MQTT5-3.3.1-12]', () => {
    const it = newBroker();
    const client = mqttClient(it).subscribe('a');
    mqttClient(it).publish('a', 'x', { retain: true });
    expect(client.last('publish')?.retain).toBe(false);
  });

  test('an empty payload removes the value [MQTT-3.3.1-10] [MQTT-3.3.1-11] [MQTT5-3.3.1-6] [MQTT5-3.3.1-7]', () => {
    const it = newBroker();
    mqttClient(it).publish('a', 'x', { retain: true }).publish('a', '', { retain: true });
    expect(mqttClient(it).subscribe('a').messages).toEqual([]);
    expect(it.broker.retained.size).toBe(0);
  });

  test('retain handling says when they are sent [MQTT5-3.3.1-9] [MQTT5-3.3.1-10] [MQTT5-3.3.1-11]', () => {
    const it = newBroker();
    mqttClient(it).publish('a', 'x', { retain: true });
    const client = mqttClient(it, { protocolVersion: 5 });
    expect(client.subscribe('a', { rh: 2 }).messages).toEqual([]);
    expect(client.subscribe('a', { rh: 1 }).messages).toEqual([]);
    expect(client.subscribe('a', { rh: 0 }).messages).toEqual(['a=x']);
    expect(mqttClient(it, { protocolVersion: 5 }).subscribe('a', { rh: 1 }).messages).toEqual(['a=x']);
  });

  test('values end with their expiry, and the store is told [MQTT5-3.3.2-5] [MQTT5-3.3.2-6]', async () => {
    const store = new MemoryRetainedStore();
    const it = newBroker({ retainedStore: store });
    await it.broker.start();
    const sender = mqttClient(it, { protocolVersion: 5 });
    sender.publish('a', 'x', { retain: true, properties: { messageExpiryInterval: 5 } });
    it.clock.advance(3000);
    const early = mqttClient(it, { protocolVersion: 5 }).subscribe('a');
    expect(early.last('publish')?.properties?.messageExpiryInterval).toBe(2);
    it.clock.advance(3000);
    expect(mqttClient(it).subscribe('a').messages).toEqual([]);
    it.clock.advance(60_000);
    expect(it.broker.retained.size).toBe(0);
    const kept: unknown[] = [];
    await store.load((message) => kept.push(message));
    expect(kept).toEqual([]);
  });

  test('retained replay is judged like live messages', () => {
    const policy = aPolicy({ effect: 'deny', access: 'sub', topics: ['secret/#'] }, { topics: ['#'] });
    const it = newBroker({ policy });
    mqttClient(it).publish('secret/code', '1', { retain: true }).publish('open', '2', { retain: true });
    expect(mqttClient(it).subscribe('#').messages).toEqual(['open=2']);
  });

  test('retained messages beyond the limit are refused, not dropped in silence', async () => {
    const it = newBroker({ limits: { retainedMessages: 1 } });
    const client = mqttClient(it, { protocolVersion: 5 });
    client.publish('a', 'x', { retain: true, qos: 1 }).publish('b', 'x', { retain: true, qos: 1 });
    await new Promise(setImmediate);
    it.clock.turn();
    expect(client.received('puback').map(({ reasonCode }) => reasonCode)).toEqual([0, 0x97]);
  });
});

describe('a change of the policy', () => {
  test('takes exactly the lost subscriptions from live sessions, at once', () => {
    const it = newBroker({ policy: aPolicy({ topics: ['a/#'] }, { topics: ['b/#'] }) });
    const client = mqttClient(it, { clientId: 'c' }).subscribe('a/1').subscribe('b/1');
    const lost = it.broker.setPolicy(aPolicy({ topics: ['a/#'] }, { access: 'pub', topics: ['b/#'] }));
    expect(lost).toMatchObject([{ clientId: 'c', username: null, kind: 'subscription', topic: 'b/1', ruleId: null }]);
    mqttClient(it).publish('a/1', 'still').publish('b/1', 'no more');
    expect(client.messages).toEqual(['a/1=still']);
    expect(client.isClosed).toBe(false);
  });

  test('narrows a wide subscription by what is denied from now on, and widens it again', () => {
    const it = newBroker();
    const client = mqttClient(it).subscribe('#');
    const sender = mqttClient(it).publish('secret', '1');
    it.broker.setPolicy(aPolicy({ effect: 'deny', access: 'sub', topics: ['secret'] }, { topics: ['#'] }));
    sender.publish('secret', '2');
    it.broker.setPolicy(aPolicy({ topics: ['#'] }));
    sender.publish('secret', '3');
    expect(client.messages).toEqual(['secret=1', 'secret=3']);
  });

  test('removes queued messages that the session may no longer see', () => {
    const it = newBroker();
    const slow = mqttClient(it, { protocolVersion: 5, properties: { receiveMaximum: 1 } });
    slow.subscribe('a', { qos: 1 }).subscribe('b', { qos: 1 });
    const sender = mqttClient(it);
    for (const topic of ['a', 'b', 'a']) sender.publish(topic, 'x', { qos: 1 });
    it.broker.setPolicy(aPolicy({ access: 'sub', topics: ['a'] }));
    slow.send({ cmd: 'puback', messageId: 1 });
    expect(slow.messages).toEqual(['a=x', 'a=x']);
  });

  test('ends the publishing that it takes away', () => {
    const it = newBroker();
    const client = mqttClient(it, { protocolVersion: 5 }).publish('a', '1', { qos: 1 });
    it.broker.setPolicy(aPolicy({ access: 'sub' }));
    client.publish('a', '2', { qos: 1 });
    expect(client.received('puback').map(({ reasonCode }) => reasonCode)).toEqual([0, 0x87]);
  });
});

describe('a replay of very many retained messages', () => {
  async function aBrokerWith(count: number) {
    const it = newBroker({ limits: { queuePerSession: 10, inFlightPerSession: 20 } });
    const sender = mqttClient(it);
    for (let i = 0; i < count; i++) sender.publish(`t/${i}`, 'x', { retain: true, qos: 1 });
    await new Promise(setImmediate);
    it.clock.turn();
    return { it, sender };
  }

  test('goes at the pace of the acknowledgements and fills no queue', async () => {
    const { it } = await aBrokerWith(500);
    const client = mqttClient(it, { clientId: 'c' }).subscribe('t/#', { qos: 1 });
    for (let acknowledged = 0; acknowledged < 500; acknowledged++) {
      expect(it.broker.sessions.get('c')!.inFlightCount).toBeLessThanOrEqual(20);
      client.send({ cmd: 'puback', messageId: client.received('publish')[acknowledged]!.messageId! });
    }
    expect(new Set(client.messages).size).toBe(500);
    expect(client.isClosed).toBe(false);
  });

  test('leaves out what has changed meanwhile, for that came live; and stops with its subscription', async () => {
    const { it, sender } = await aBrokerWith(100);
    const client = mqttClient(it).subscribe('t/#', { qos: 1 });
    const [, late] = [client.messages.length, 't/99'];
    sender.publish(late, 'new', { retain: true });
    for (let i = 0; i < 100; i++) {
      const next = client.received('publish').filter(({ qos }) => qos === 1)[i];
      if (next) client.send({ cmd: 'puback', messageId: next.messageId! });
    }
    expect(client.messages.filter((message) => message.startsWith(`${late}=`))).toEqual([`${late}=new`]);
    const other = mqttClient(it).subscribe('t/#', { qos: 1 }).unsubscribe('t/#');
    const before = other.messages.length;
    for (const { messageId } of other.received('publish')) other.send({ cmd: 'puback', messageId: messageId! });
    expect(other.messages.length).toBe(before);
  });

  test('never brings an old value after a newer one, also where the filter is one topic', () => {
    const it = newBroker();
    const sender = mqttClient(it).publish('a', 'old', { retain: true });
    const client = mqttClient(it, { protocolVersion: 5, properties: { receiveMaximum: 1 } });
    client.subscribe('b', { qos: 1 });
    sender.publish('b', '1', { qos: 1 });
    client.subscribe('a', { qos: 1 });
    sender.publish('a', 'new', { retain: true });
    client.send({ cmd: 'puback', messageId: 1 }).send({ cmd: 'puback', messageId: 2 });
    expect(client.messages).toEqual(['b=1', 'a=new']);
  });
});
