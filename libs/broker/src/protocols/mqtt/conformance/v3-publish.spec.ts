import { describe, expect, test } from 'vitest';
import { aPolicy, mqttClient, newBroker, type MqttClient } from '../../../testing/index.js';
import { packetOf, packetsIn, raw, uint16 } from '../../../testing/mqtt-bytes.js';

const levels = [0, 1, 2] as const;
/** What matters of each PUBLISH that came. */
const seen = (client: MqttClient) =>
  client.received('publish').map(({ payload, qos, retain, dup }) => ({ text: payload.toString(), qos, retain, dup }));
const text = (payload: string) => ({ text: payload, dup: false });

describe('a PUBLISH', () => {
  test.each(levels)('at QoS %i is answered as its QoS asks [MQTT-3.3.4-1]', (qos) => {
    const client = mqttClient(newBroker()).publish('a', 'x', { qos });
    const answer = [[], ['40020001'], ['50020001']][qos];
    expect(packetsIn(client.wire).slice(1)).toEqual(answer);
  });

  test('with both QoS bits set ends the connection [MQTT-3.3.1-4]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('#');
    for (const header of [0x36, 0x37, 0x3e, 0x3f]) {
      const client = mqttClient(it).sendBytes(packetOf(header, 'a', uint16(1), raw('x')));
      expect([client.isClosed, client.packets.length]).toEqual([true, 1]);
    }
    expect(watcher.messages).toEqual([]);
    expect(it.broker.retained.size).toBe(0);
  });

  test('at QoS 0 with DUP ends the connection, and none is sent [MQTT-3.3.1-2]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('a');
    expect(mqttClient(it).sendBytes(packetOf(0x38, 'a', raw('x'))).isClosed).toBe(true);
    mqttClient(it).publish('a', 'again', { qos: 1, dup: true });
    expect(seen(watcher)).toEqual([{ ...text('again'), qos: 0, retain: false }]);
  });

  test.each([1, 2] as const)('at QoS %i with DUP is passed on without it [MQTT-3.3.1-3]', (qos) => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('a', { qos: 2 });
    mqttClient(it).publish('a', 'x', { qos, dup: true });
    expect(seen(watcher)).toEqual([{ ...text('x'), qos, retain: false }]);
  });

  test.each(['#', 'a/#', '+', 'a/+/b', 'a+', 'a#'])(
    'to %s ends the connection: wildcards are for filters [MQTT-3.3.2-2] [MQTT-4.7.1-1]',
    (topic) => {
      const it = newBroker();
      const watcher = mqttClient(it).subscribe('#');
      const client = mqttClient(it).sendBytes(packetOf(0x33, topic, uint16(1), raw('x')));
      expect([client.isClosed, client.packets.length, watcher.messages]).toEqual([true, 1, []]);
      expect(it.broker.retained.size).toBe(0);
    },
  );

  test('to an empty topic ends the connection [MQTT-4.7.3-1]', () => {
    expect(mqttClient(newBroker()).sendBytes(packetOf(0x30, '', raw('x'))).isClosed).toBe(true);
  });

  test('is written with its topic first, then the packet id where it has one, then the payload [MQTT-3.3.2-1]', () => {
    const it = newBroker();
    const client = mqttClient(it).subscribe('\u00e4/\u6c34', { qos: 1 });
    client.publish('\u00e4/\u6c34', 'x', { qos: 0 }).publish('\u00e4/\u6c34', '', { qos: 1, messageId: 300 });
    expect(packetsIn(client.wire).slice(2)).toEqual([
      `3009${uint16(6).toString('hex')}c3a42fe6b0b478`,
      `320a${uint16(6).toString('hex')}c3a42fe6b0b40001`,
      '4002012c',
    ]);
  });

  test.each(levels)('at QoS %i may be empty and holds any bytes [MQTT-3.3.4-1]', (qos) => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('a', { qos: 2 });
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    mqttClient(it).publish('a', '', { qos }).publish('a', '', { qos, payload: bytes });
    expect(watcher.received('publish').map(({ payload }) => payload)).toEqual([Buffer.alloc(0), bytes]);
  });
});

describe('a PUBLISH that is not allowed', () => {
  test.each(levels)('at QoS %i is not acknowledged, reaches nobody, and the connection ends [MQTT-3.3.5-2]', (qos) => {
    const it = newBroker({ policy: aPolicy({ effect: 'deny', access: 'pub', topics: ['secret'] }, { topics: ['#'] }) });
    const watcher = mqttClient(it).subscribe('#', { qos: 2 });
    const will = { topic: 'gone', payload: 'x', qos: 0 as const, retain: false };
    const client = mqttClient(it, { will }).publish('secret', 'x', { qos, retain: true }).publish('open', 'after');
    it.clock.turn();
    expect([client.isClosed, client.packets.length]).toEqual([true, 1]);
    expect(watcher.messages).toEqual(['gone=x']);
    expect(it.broker.retained.size).toBe(0);
  });
});

describe('who gets a message', () => {
  test('everybody with a filter that matches, at once, and nobody else [MQTT-4.5.0-1] [MQTT-3.3.2-3]', () => {
    const it = newBroker();
    const reached = ['a/b', 'a/+', '+/b', '+/+', 'a/#', '#', 'a/b/#'].map((filter) => mqttClient(it).subscribe(filter));
    const missed = ['a', 'b', 'a/b/c', 'a/b/+', '+', 'A/b', 'a/b/', '/a/b', 'a/c'].map((filter) =>
      mqttClient(it).subscribe(filter),
    );
    const publisher = mqttClient(it).subscribe('a/b').publish('a/b', 'x');
    for (const client of [...reached, publisher]) expect(client.messages).toEqual(['a/b=x']);
    for (const client of missed) expect(client.messages).toEqual([]);
  });

  test.each(levels)('one whose filters overlap gets it at the highest QoS of them: %i [MQTT-3.3.5-1]', (highest) => {
    const it = newBroker();
    const lower = levels.filter((qos) => qos <= highest);
    for (const order of [lower, [...lower].reverse()]) {
      const client = mqttClient(it);
      order.forEach((qos) => client.subscribe(['+', 'a', '#'][qos] as string, { qos }));
      mqttClient(it).publish('a', 'x', { qos: 2 });
      expect(Math.max(...seen(client).map(({ qos }) => qos))).toBe(highest);
      expect(seen(client)).toHaveLength(1);
    }
  });

  test.each(levels.flatMap((published) => levels.map((granted) => [published, granted] as const)))(
    'published at QoS %i and subscribed at QoS %i it comes at the lower one [MQTT-3.8.4-6]',
    (published, granted) => {
      const it = newBroker();
      const client = mqttClient(it).subscribe('a', { qos: granted });
      mqttClient(it).publish('a', 'x', { qos: published });
      expect(seen(client)).toEqual([{ ...text('x'), qos: Math.min(published, granted), retain: false }]);
    },
  );
});

describe('retained messages', () => {
  test.each(levels)(
    'are stored with their QoS, here %i, for subscribers to come [MQTT-3.3.1-5] [MQTT-3.3.1-8]',
    (qos) => {
      const it = newBroker();
      mqttClient(it).publish('a', 'x', { qos, retain: true });
      const client = mqttClient(it).subscribe('a', { qos: 2 });
      expect(seen(client)).toEqual([{ ...text('x'), qos, retain: true }]);
    },
  );

  test('come to a new subscription after its SUBACK: of each topic it matches the last one [MQTT-3.3.1-6]', () => {
    const it = newBroker();
    const publisher = mqttClient(it);
    for (const value of ['old', 'new'])
      publisher.publish('r/1', value, { retain: true }).publish('r/2/x', value, { retain: true });
    publisher.publish('s', 'other', { retain: true });
    const client = mqttClient(it).subscribe('r/#');
    expect(client.packets[1]?.cmd).toBe('suback');
    expect(client.messages.toSorted()).toEqual(['r/1=new', 'r/2/x=new']);
    expect(mqttClient(it).subscribe('r/+').messages).toEqual(['r/1=new']);
  });

  test('of QoS 0 replace what was retained before [MQTT-3.3.1-7]', () => {
    const it = newBroker();
    mqttClient(it).publish('a', 'sure', { qos: 2, retain: true }).publish('a', 'light', { qos: 0, retain: true });
    const client = mqttClient(it).subscribe('a', { qos: 2 });
    expect(seen(client)).toEqual([{ ...text('light'), qos: 0, retain: true }]);
  });

  test.each(levels)('of QoS %i come to an existing subscription with RETAIN cleared [MQTT-3.3.1-9]', (qos) => {
    const it = newBroker();
    const client = mqttClient(it).subscribe('a', { qos: 2 });
    mqttClient(it).publish('a', 'x', { qos, retain: true });
    expect(seen(client)).toEqual([{ ...text('x'), qos, retain: false }]);
  });

  test.each(levels)(
    'an empty one, here of QoS %i, is delivered as any other and removes what was there [MQTT-3.3.1-10]',
    (qos) => {
      const it = newBroker();
      const publisher = mqttClient(it).publish('a', 'x', { qos: 1, retain: true });
      const present = mqttClient(it).subscribe('a', { qos: 2 });
      publisher.publish('a', '', { qos, retain: true });
      expect(seen(present)[1]).toEqual({ ...text(''), qos, retain: false });
      expect(mqttClient(it).subscribe('a').messages).toEqual([]);
    },
  );

  test('an empty one is never stored, also where nothing was [MQTT-3.3.1-11]', () => {
    const it = newBroker();
    mqttClient(it).publish('a', '', { qos: 1, retain: true });
    expect(it.broker.retained.size).toBe(0);
    expect(mqttClient(it).subscribe('#').messages).toEqual([]);
  });

  test('messages without RETAIN neither become one nor touch one, empty or not [MQTT-3.3.1-12]', () => {
    const it = newBroker();
    const publisher = mqttClient(it).publish('a', 'kept', { retain: true });
    publisher.publish('a', 'passing').publish('a', '').publish('b', 'passing', { qos: 2 });
    expect(mqttClient(it).subscribe('#').messages).toEqual(['a=kept']);
  });
});

describe('QoS 0', () => {
  test('is sent once, with neither DUP nor a packet id, and waits for nothing [MQTT-4.3.1-1]', () => {
    const it = newBroker();
    const client = mqttClient(it).subscribe('a', { qos: 0 });
    for (const qos of levels) mqttClient(it).publish('a', 'x', { qos, dup: qos > 0 });
    it.clock.advance(3_600_000);
    expect(packetsIn(client.wire).slice(2)).toEqual(Array(3).fill('300400016178'));
  });
});

describe('QoS 1', () => {
  test('from a client: after PUBACK the same packet id is a new message, with DUP or without [MQTT-4.3.2-2]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('a');
    const client = mqttClient(it);
    for (const dup of [false, true, false]) client.publish('a', `dup ${dup}`, { qos: 1, messageId: 9, dup });
    expect(packetsIn(client.wire).slice(1)).toEqual(Array(3).fill('40020009'));
    expect(watcher.messages).toEqual(['a=dup false', 'a=dup true', 'a=dup false']);
  });

  test('to a client: unacknowledged until its PUBACK, and not sent again while the connection lasts [MQTT-4.3.2-1]', () => {
    const it = newBroker({ limits: { inFlightPerSession: 2 } });
    const client = mqttClient(it).subscribe('a', { qos: 1 });
    const publisher = mqttClient(it);
    for (const n of [1, 2, 3, 4]) publisher.publish('a', String(n), { qos: 1 });
    it.clock.advance(3_600_000);
    client.send({ cmd: 'puback', messageId: 77 });
    client.send({ cmd: 'pubcomp', messageId: 1 });
    client.send({ cmd: 'pubrec', messageId: 1 });
    expect(client.messages).toEqual(['a=1', 'a=2']);
    client.send({ cmd: 'puback', messageId: 2 });
    expect(client.messages).toEqual(['a=1', 'a=2', 'a=3']);
    client.send({ cmd: 'puback', messageId: 1 }).send({ cmd: 'puback', messageId: 3 });
    expect(client.messages).toEqual(['a=1', 'a=2', 'a=3', 'a=4']);
    expect(client.received('publish').every(({ dup }) => !dup)).toBe(true);
  });
});

describe('QoS 2', () => {
  test('from a client: delivered once however often it is sent before its PUBREL, and answered each time [MQTT-4.3.3-2]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('a', { qos: 2 });
    const client = mqttClient(it);
    for (const dup of [false, true, true]) client.publish('a', 'x', { qos: 2, messageId: 9, dup });
    expect(packetsIn(client.wire).slice(1)).toEqual(Array(3).fill('50020009'));
    client.send({ cmd: 'pubrel', messageId: 9 });
    expect(packetsIn(client.wire).at(-1)).toBe('70020009');
    expect(watcher.messages).toEqual(['a=x']);
  });

  test('from a client: after PUBCOMP the same packet id is a new message, with DUP or without [MQTT-4.3.3-2]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('a');
    const client = mqttClient(it);
    for (const dup of [false, true, true]) {
      client.publish('a', `dup ${dup}`, { qos: 2, messageId: 9, dup }).send({ cmd: 'pubrel', messageId: 9 });
    }
    expect(watcher.messages).toEqual(['a=dup false', 'a=dup true', 'a=dup true']);
  });

  test('from a client: PUBREL is answered with PUBCOMP each time, also where there is nothing to release [MQTT-4.3.3-2]', () => {
    const client = mqttClient(newBroker()).publish('a', 'x', { qos: 2, messageId: 9 });
    for (const messageId of [9, 9, 1234]) client.send({ cmd: 'pubrel', messageId });
    expect(client.received('pubcomp').map(({ messageId }) => messageId)).toEqual([9, 9, 1234]);
    expect(client.isClosed).toBe(false);
  });

  test('from a client: packet ids of QoS 1 and QoS 2 do not meddle with those of other clients [MQTT-4.3.3-2]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('a');
    const [one, other] = [mqttClient(it), mqttClient(it)];
    one.publish('a', 'one', { qos: 2, messageId: 9 });
    other.publish('a', 'other', { qos: 2, messageId: 9 });
    expect(watcher.messages).toEqual(['a=one', 'a=other']);
  });

  test('to a client: PUBLISH, PUBREC, PUBREL, PUBCOMP under one id, and only then the next [MQTT-4.3.3-1]', () => {
    const it = newBroker({ limits: { inFlightPerSession: 1 } });
    const client = mqttClient(it).subscribe('a', { qos: 2 });
    mqttClient(it).publish('a', '1', { qos: 2 }).publish('a', '2', { qos: 2 });
    const came = () => packetsIn(client.wire).slice(2);
    client.send({ cmd: 'puback', messageId: 1 }).send({ cmd: 'pubcomp', messageId: 1 });
    expect(came()).toEqual(['3406000161000131']);
    client.send({ cmd: 'pubrec', messageId: 1 });
    client.send({ cmd: 'puback', messageId: 1 });
    expect(came()).toEqual(['3406000161000131', '62020001']);
    client.send({ cmd: 'pubcomp', messageId: 1 });
    expect(came()).toEqual(['3406000161000131', '62020001', '3406000161000232']);
  });

  test('to a client: a PUBREC that comes again gets PUBREL again, never the PUBLISH [MQTT-4.3.3-1]', () => {
    const it = newBroker();
    const client = mqttClient(it).subscribe('a', { qos: 2 });
    mqttClient(it).publish('a', 'x', { qos: 2 });
    for (let i = 0; i < 3; i++) client.send({ cmd: 'pubrec', messageId: 1 });
    expect(client.received('pubrel').map(({ messageId }) => messageId)).toEqual([1, 1, 1]);
    expect(client.messages).toEqual(['a=x']);
  });

  test('to a client: PUBRELs leave in the order in which the PUBRECs came [MQTT-4.6.0-4]', () => {
    const it = newBroker();
    const client = mqttClient(it).subscribe('a', { qos: 2 });
    const publisher = mqttClient(it);
    for (let i = 0; i < 5; i++) publisher.publish('a', String(i), { qos: 2 });
    const order = [3, 1, 5, 2, 4];
    for (const messageId of order) client.send({ cmd: 'pubrec', messageId });
    expect(client.received('pubrel').map(({ messageId }) => messageId)).toEqual(order);
  });
});
