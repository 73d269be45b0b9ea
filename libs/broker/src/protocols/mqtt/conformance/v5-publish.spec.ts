import { describe, expect, test } from 'vitest';
import { mqttClient, newBroker } from '../../../testing/index.js';
import { packetOf, packetsIn, properties, raw, uint16 } from '../../../testing/mqtt-bytes.js';

const v5 = { protocolVersion: 5 } as const;

describe('DUP', () => {
  test('of what comes in is not that of what goes out [MQTT5-3.3.1-3] [MQTT5-4.3.2-2] [MQTT5-4.3.3-2]', () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('a', { qos: 2 });
    const sender = mqttClient(it, v5).publish('a', '1', { qos: 1, dup: true }).publish('a', '2', { qos: 2, dup: true });
    sender.publish('a', '3', { qos: 1 }).publish('a', '4', { qos: 2 });
    expect(watcher.received('publish').map(({ qos, dup }) => [qos, dup])).toEqual([
      [1, false],
      [2, false],
      [1, false],
      [2, false],
    ]);
  });

  test('is never set at QoS 0, also where the message came with it [MQTT5-3.3.1-2] [MQTT5-4.3.1-1]', () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('a', { qos: 0 });
    mqttClient(it, v5)
      .publish('a', 'x', { qos: 1, dup: true })
      .publish('a', 'x', { qos: 2, dup: true })
      .publish('a', 'x');
    const headers = packetsIn(watcher.wire)
      .slice(2)
      .map((packet) => packet.slice(0, 2));
    expect(headers).toEqual(['30', '30', '30']);
  });
});

describe('retained messages', () => {
  const kept = (it: ReturnType<typeof newBroker>) => mqttClient(it, v5).subscribe('a', { qos: 2 });

  test('replace the one before, with its QoS and its properties [MQTT5-3.3.1-5]', () => {
    const it = newBroker();
    mqttClient(it, v5)
      .publish('a', 'old', { retain: true, qos: 1, properties: { contentType: 'old' } })
      .publish('a', 'new', { retain: true, qos: 2 });
    expect(kept(it).messages).toEqual(['a=new']);
    expect(kept(it).last('publish')).toMatchObject({ qos: 2, retain: true, dup: false });
    expect(kept(it).last('publish')?.properties?.contentType).toBeUndefined();
  });

  test('that are empty are delivered and forgotten, with those before them [MQTT5-3.3.1-6] [MQTT5-3.3.1-7]', () => {
    const it = newBroker();
    const watcher = mqttClient(it, v5).subscribe('a', { rap: true });
    mqttClient(it, v5).publish('a', 'x', { retain: true }).publish('a', '', { retain: true });
    expect(watcher.received('publish').map(({ payload, retain }) => [payload.length, retain])).toEqual([
      [1, true],
      [0, true],
    ]);
    expect(kept(it).messages).toEqual([]);
    expect(it.broker.retained.size).toBe(0);
  });

  test('are left alone by messages without the flag, empty ones too [MQTT5-3.3.1-8]', () => {
    const it = newBroker();
    mqttClient(it, v5).publish('b', 'x').publish('a', 'kept', { retain: true }).publish('a', 'live').publish('a', '');
    expect(kept(it).messages).toEqual(['a=kept']);
    expect(it.broker.retained.size).toBe(1);
  });

  test('come with each subscribe at retain handling 0, only with the first at 1, never at 2 [MQTT5-3.3.1-9] [MQTT5-3.3.1-10] [MQTT5-3.3.1-11] [MQTT5-3.8.4-4]', () => {
    const it = newBroker();
    mqttClient(it, v5).publish('a/1', 'x', { retain: true }).publish('a/2', 'y', { retain: true });
    const subscribed = (rh: number, times: number) => {
      const client = mqttClient(it, v5);
      for (let i = 0; i < times; i++) client.subscribe('a/+', { rh });
      return client.messages.sort();
    };
    expect(subscribed(0, 2)).toEqual(['a/1=x', 'a/1=x', 'a/2=y', 'a/2=y']);
    expect(subscribed(1, 3)).toEqual(['a/1=x', 'a/2=y']);
    expect(subscribed(2, 2)).toEqual([]);
  });

  test('at retain handling 1 come again once the subscription was ended [MQTT5-3.3.1-10]', () => {
    const it = newBroker();
    mqttClient(it, v5).publish('a', 'x', { retain: true });
    const client = mqttClient(it, v5).subscribe('a', { rh: 1 }).unsubscribe('a').subscribe('a', { rh: 1 });
    expect(client.messages).toEqual(['a=x', 'a=x']);
  });
});

describe('retain as published', () => {
  test.each([
    [false, [false, false]],
    [true, [false, true]],
  ])('%s: messages come with their flag as %s [MQTT5-3.3.1-12] [MQTT5-3.3.1-13]', (rap, flags) => {
    const it = newBroker();
    const client = mqttClient(it, v5).subscribe('a', { rap });
    mqttClient(it, v5).publish('a', 'x', { retain: false }).publish('a', 'y', { retain: true });
    expect(client.received('publish').map(({ retain }) => retain)).toEqual(flags);
  });
});

describe('what is sent on', () => {
  test('matches a subscription, and is on the topic that it was published on [MQTT5-3.3.2-3] [MQTT5-3.3.2-1]', () => {
    const it = newBroker();
    const client = mqttClient(it, v5).subscribe('a/+/c').subscribe('b/#');
    const sender = mqttClient(it, v5);
    for (const topic of ['a/c', 'a/b/c', 'a/b/c/d', 'a//c', 'b', 'b/x/y', 'bb', 'A/b/c']) sender.publish(topic, '');
    expect(client.received('publish').map(({ topic }) => topic)).toEqual(['a/b/c', 'a//c', 'b', 'b/x/y']);
  });

  test.each([
    [0x01, Buffer.from([0])],
    [0x01, Buffer.from([1])],
  ])('has its payload format indicator as it was [MQTT5-3.3.2-4]: %i %o', (id, value) => {
    const it = newBroker();
    const client = mqttClient(it, v5).subscribe('a');
    mqttClient(it, v5).sendBytes(packetOf(0x30, 'a', properties(id, value), raw('x')));
    expect(packetsIn(client.wire).at(-1)).toBe(packetOf(0x30, 'a', properties(id, value), raw('x')).toString('hex'));
  });

  test('has its content type, response topic and correlation data as they were, also as a retained message [MQTT5-3.3.2-15] [MQTT5-3.3.2-16] [MQTT5-3.3.2-20]', () => {
    const it = newBroker();
    const live = mqttClient(it, v5).subscribe('a');
    const sent = {
      contentType: 'text/plain; charset="utf-8"',
      responseTopic: 'answers/to/c',
      correlationData: Buffer.from([0, 1, 0xff, 0xfe]),
    };
    mqttClient(it, v5).publish('a', 'x', { retain: true, properties: sent });
    expect(live.last('publish')?.properties).toEqual(sent);
    expect(mqttClient(it, v5).subscribe('a').last('publish')?.properties).toEqual(sent);
  });

  test('has empty properties where they were empty [MQTT5-3.3.2-16] [MQTT5-3.3.2-20]', () => {
    const it = newBroker();
    const client = mqttClient(it, v5).subscribe('a');
    mqttClient(it, v5).sendBytes(packetOf(0x30, 'a', properties(0x03, '', 0x09, ''), raw('x')));
    expect(client.last('publish')?.properties).toEqual({ contentType: '', correlationData: Buffer.alloc(0) });
  });

  test('has all of its user properties, in their order, names that come again among them [MQTT5-3.3.2-17] [MQTT5-3.3.2-18]', () => {
    const it = newBroker();
    const client = mqttClient(it, v5).subscribe('a');
    const pairs = properties(0x26, 'b', '1', 0x26, 'a', '2', 0x26, 'b', '3', 0x26, '__proto__', 'x', 0x26, '', '');
    mqttClient(it, v5).sendBytes(packetOf(0x31, 'a', pairs, raw('x')));
    expect(client.wire.includes(pairs)).toBe(true);
    expect(mqttClient(it, v5).subscribe('a').wire.includes(pairs)).toBe(true);
  });
});

describe('message expiry', () => {
  const expiring = (seconds: number) => ({ properties: { messageExpiryInterval: seconds } });
  const left = (client: ReturnType<typeof mqttClient>) => client.last('publish')?.properties?.messageExpiryInterval;

  test('is sent on as what is left of it [MQTT5-3.3.2-6]', () => {
    const it = newBroker();
    const live = mqttClient(it, v5).subscribe('a');
    mqttClient(it, v5).publish('a', 'x', { ...expiring(100), retain: true });
    expect(left(live)).toBe(100);
    it.clock.advance(30_000);
    expect(left(mqttClient(it, v5).subscribe('a'))).toBe(70);
  });

  test('counts on while a message waits for its turn [MQTT5-3.3.2-6] [MQTT5-3.3.2-5]', () => {
    const it = newBroker();
    const client = mqttClient(it, { ...v5, properties: { receiveMaximum: 1 } }).subscribe('a', { qos: 1 });
    const sender = mqttClient(it, v5).publish('a', 'first', { qos: 1 });
    sender.publish('a', 'brief', { qos: 1, ...expiring(10) }).publish('a', 'long', { qos: 1, ...expiring(100) });
    it.clock.advance(20_000);
    client.send({ cmd: 'puback', messageId: client.last('publish')!.messageId! });
    expect(client.messages).toEqual(['a=first', 'a=long']);
    expect(left(client)).toBe(80);
  });

  test('ends retained messages [MQTT5-3.3.2-5]', () => {
    const it = newBroker();
    mqttClient(it, v5).publish('a', 'x', { ...expiring(10), retain: true });
    it.clock.advance(9_999);
    expect(mqttClient(it, v5).subscribe('a').messages).toEqual(['a=x']);
    it.clock.advance(1);
    expect(mqttClient(it, v5).subscribe('a').messages).toEqual([]);
  });

  test('of 0 lets a message through to those who are there, with 0 [MQTT5-3.3.2-6]', () => {
    const it = newBroker();
    const live = mqttClient(it, v5).subscribe('a');
    mqttClient(it, v5).publish('a', 'x', { ...expiring(0), retain: true });
    expect([live.messages, left(live)]).toEqual([['a=x'], 0]);
    expect(mqttClient(it, v5).subscribe('a').messages).toEqual([]);
  });

  test('of the longest kind is never more than it can be, also when a clock is set back [MQTT5-3.3.2-6]', () => {
    const it = newBroker();
    mqttClient(it, v5).publish('a', 'x', { ...expiring(0xffff_ffff), retain: true });
    it.clock.set(it.clock.now() - 60_000);
    expect(left(mqttClient(it, v5).subscribe('a'))).toBe(0xffff_ffff);
    expect(it.faults).toEqual([]);
  });

  test('that is absent is not made up [MQTT5-3.3.2-6]', () => {
    const it = newBroker();
    const live = mqttClient(it, v5).subscribe('a');
    mqttClient(it, v5).publish('a', 'x', { retain: true });
    it.clock.advance(86_400_000);
    expect([left(live), left(mqttClient(it, v5).subscribe('a'))]).toEqual([undefined, undefined]);
  });
});

describe('the answer to a PUBLISH', () => {
  test('is none at QoS 0, PUBACK at 1, PUBREC at 2 [MQTT5-3.3.4-1]', () => {
    const client = mqttClient(newBroker(), v5);
    const after = (qos: 0 | 1 | 2) => {
      const before = client.packets.length;
      client.publish('a', 'x', { qos });
      return client.packets.slice(before).map(({ cmd }) => cmd);
    };
    expect([after(0), after(1), after(2)]).toEqual([[], ['puback'], ['pubrec']]);
  });

  test('of a QoS 0 delivery is not waited for, and an answer that nobody asked for does no harm', () => {
    const it = newBroker();
    const client = mqttClient(it, v5).subscribe('a');
    for (const header of [0x40, 0x50, 0x70]) client.sendBytes(packetOf(header, uint16(7)));
    mqttClient(it, v5).publish('a', 'x');
    expect([client.isClosed, client.messages]).toEqual([false, ['a=x']]);
  });
});

describe('the maximum packet size of a client', () => {
  const maximum = (maximumPacketSize: number) => ({ ...v5, properties: { maximumPacketSize } });

  test('is kept to, to the byte [MQTT5-3.1.2-24]', () => {
    const it = newBroker();
    const client = mqttClient(it, maximum(100)).subscribe('a', { qos: 1 });
    const sender = mqttClient(it, v5);
    for (const length of [94, 95, 92, 93]) {
      sender.publish('a', 'x'.repeat(length)).publish('a', 'y'.repeat(length), { qos: 1 });
    }
    // 1 byte of header, 1 of length, 3 of topic, 1 of properties, and 2 of packet id at QoS 1
    const lengths = client.received('publish').map(({ qos, payload }) => [qos, payload.length]);
    expect(lengths).toEqual([
      [0, 94],
      [0, 92],
      [1, 92],
      [0, 93],
    ]);
  });

  test('leaves a message that is too large as if it had been delivered [MQTT5-3.1.2-25]', () => {
    const it = newBroker();
    const client = mqttClient(it, { ...maximum(100), clientId: 'c' }).subscribe('a', { qos: 2 });
    const sender = mqttClient(it, v5);
    for (const qos of [0, 1, 2] as const) sender.publish('a', 'x'.repeat(200), { qos });
    expect(it.broker.sessions.get('c')).toMatchObject({ inFlightCount: 0, queuedCount: 0 });
    sender.publish('a', 'small', { qos: 1 });
    expect(client.messages).toEqual(['a=small']);
    expect(client.isClosed).toBe(false);
  });

  test('is kept to by retained messages, and by those that had to wait [MQTT5-3.1.2-24] [MQTT5-3.1.2-25]', () => {
    const it = newBroker();
    const sender = mqttClient(it, v5).publish('r/1', 'x'.repeat(200), { retain: true });
    sender.publish('r/2', 'small', { retain: true });
    const properties = { maximumPacketSize: 100, receiveMaximum: 1 };
    const client = mqttClient(it, { ...v5, properties })
      .subscribe('r/+', { qos: 1 })
      .subscribe('a', { qos: 1 });
    sender.publish('a', '1', { qos: 1 }).publish('a', 'x'.repeat(200), { qos: 1 }).publish('a', '2', { qos: 1 });
    client.send({ cmd: 'puback', messageId: client.last('publish')!.messageId! });
    expect(client.messages).toEqual(['r/2=small', 'a=1', 'a=2']);
  });

  test('that is too small for an answer ends the connection, for no answer may be left out [MQTT5-3.1.2-24]', () => {
    const client = mqttClient(newBroker(), maximum(40));
    const filters = Array.from({ length: 50 }, (_, i) => [`${i}`, 0]).flat();
    client.sendBytes(packetOf(0x82, uint16(1), properties(), ...filters));
    expect(client.packets.map(({ cmd }) => cmd)).toEqual(['connack', 'disconnect']);
    expect(client.last('disconnect')?.reasonCode).toBe(0x95);
    expect(client.isClosed).toBe(true);
  });
});
