import { describe, expect, test } from 'vitest';
import { mqttClient, MqttClient, newBroker } from '../../../testing/index.js';
import { binary, packetOf, packetsIn, raw, uint16, type PacketPart } from '../../../testing/mqtt-bytes.js';

const id = uint16(1);
/** CONNECT of 3.1.1 with these flags and this payload. */
const connectOf = (flags: number, ...payload: PacketPart[]) => packetOf(0x10, 'MQTT', 4, flags, uint16(0), ...payload);
const CLEAN = 0x02;
const WILL = 0x04;
const USERNAME = 0x80;

const illFormed: [string, Buffer][] = [
  ['a byte that begins nothing', binary(0x61, 0xff)],
  ['a sequence without its end', binary(0xe2, 0x82)],
  ['a sequence with a wrong second byte', binary(0xc3, 0x28)],
  ['an overlong slash', binary(0xc0, 0xaf)],
  ['a surrogate', binary(0xed, 0xa0, 0x80)],
  ['two surrogates that would make a pair', binary(0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80)],
  ['more than U+10FFFF', binary(0xf4, 0x90, 0x80, 0x80)],
];

describe('text on the wire', () => {
  test.each([...illFormed, ['U+0000 [MQTT-1.5.3-2] [MQTT-4.7.3-2]', binary(0x61, 0x00, 0x62)] as const])(
    'ends the connection of a client that is let in where it is no text: %s [MQTT-1.5.3-1] [MQTT-3.3.2-1] [MQTT-3.8.3-1] [MQTT-3.10.3-1]',
    (_what, text) => {
      const it = newBroker();
      const wrong = [packetOf(0x30, text, raw('x')), packetOf(0x82, id, text, 0), packetOf(0xa2, id, text)];
      for (const packet of wrong) {
        const client = mqttClient(it).sendBytes(packet);
        expect(client.isClosed).toBe(true);
        expect(packetsIn(client.wire)).toHaveLength(1);
      }
      expect(it.broker.counters.refused).toBe(wrong.length);
    },
  );

  test.each([...illFormed, ['U+0000 [MQTT-1.5.3-2]', binary(0x61, 0x00, 0x62)] as const])(
    'keeps a client out whose id, will topic or user name is no text: %s [MQTT-1.5.3-1] [MQTT-3.1.3-4] [MQTT-3.1.3-10] [MQTT-3.1.3-11]',
    (_what, text) => {
      const it = newBroker();
      const wrong = [
        connectOf(CLEAN, text),
        connectOf(CLEAN | WILL, 'c', text, 'payload'),
        connectOf(CLEAN | USERNAME, 'c', text),
      ];
      for (const packet of wrong) {
        const client = new MqttClient(it).sendBytes(packet);
        expect([client.isClosed, client.wire.length]).toEqual([true, 0]);
      }
      expect(it.broker.presence.maximumOnline).toBe(0);
    },
  );

  test('a byte order mark is a character like any other, at either end and in the middle [MQTT-1.5.3-3]', () => {
    const it = newBroker();
    const client = mqttClient(it, { clientId: '\ufeffc' });
    expect(it.broker.presence.get('\ufeffc')?.online).toBe(true);
    client.subscribe('\ufeffa').subscribe('b\ufeffb').subscribe('c\ufeff');
    client.publish('a', '0').publish('bb', '0').publish('c', '0');
    client.publish('\ufeffa', '1').publish('b\ufeffb', '2').publish('c\ufeff', '3');
    expect(packetsIn(client.wire).slice(-3)).toEqual([
      '30070004efbbbf6131',
      '3008000562efbbbf6232',
      '3007000463efbbbf33',
    ]);
    expect(client.received('publish')).toHaveLength(3);
  });
});

describe('reserved flags of the fixed header', () => {
  test.each([
    ['PUBACK', '40', packetOf(0x40, id)],
    ['PUBREC', '50', packetOf(0x50, id)],
    ['PUBREL [MQTT-3.6.1-1]', '62', packetOf(0x62, id)],
    ['PUBCOMP', '70', packetOf(0x70, id)],
    ['SUBSCRIBE [MQTT-3.8.1-1]', '82', packetOf(0x82, id, 'a', 0)],
    ['UNSUBSCRIBE [MQTT-3.10.1-1]', 'a2', packetOf(0xa2, id, 'a')],
    ['PINGREQ', 'c0', packetOf(0xc0)],
  ])(
    'of %s have one value, and any other ends the connection [MQTT-2.2.2-1] [MQTT-2.2.2-2]',
    (_name, right, packet) => {
      const it = newBroker();
      expect(mqttClient(it).sendBytes(packet).isClosed).toBe(false);
      const [first, ...rest] = packet;
      for (let flags = 0; flags < 16; flags++) {
        const header = ((first as number) & 0xf0) | flags;
        if (header === Number.parseInt(right, 16)) continue;
        const client = mqttClient(it).sendBytes(Buffer.from([header, ...rest]));
        expect([header.toString(16), client.isClosed, client.packets.length]).toEqual([header.toString(16), true, 1]);
      }
    },
  );

  test('of CONNECT are 0, or there is no answer [MQTT-2.2.2-2] [MQTT-3.1.4-1]', () => {
    const it = newBroker();
    for (let flags = 1; flags < 16; flags++) {
      const packet = connectOf(CLEAN, 'c');
      packet[0] = 0x10 | flags;
      const client = new MqttClient(it).sendBytes(packet);
      expect([client.isClosed, client.wire.length]).toEqual([true, 0]);
    }
  });

  test('of DISCONNECT are 0, or it is no good-bye and the will is published [MQTT-3.14.1-1]', () => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('gone');
    for (let flags = 1; flags < 16; flags++) {
      const will = { topic: 'gone', payload: String(flags), qos: 0 as const, retain: false };
      expect(mqttClient(it, { will }).sendBytes(Buffer.from([0xe0 | flags, 0])).isClosed).toBe(true);
    }
    it.clock.turn();
    expect(watcher.messages).toHaveLength(15);
  });

  test('are right in everything that the broker sends [MQTT-2.2.2-1]', () => {
    const it = newBroker();
    const client = mqttClient(it).subscribe('a', { qos: 2 });
    client.publish('a', '', { qos: 2 }).send({ cmd: 'pubrel', messageId: 2 }).publish('a', '', { qos: 1 });
    client.send({ cmd: 'pubrec', messageId: 1 }).unsubscribe('a').send({ cmd: 'pingreq' });
    expect(packetsIn(client.wire)).toEqual([
      ...['20020000', '9003000102', '34050001610001', '50020002', '70020002', '32050001610002', '40020003'],
      ...['62020001', 'b0020004', 'd000'],
    ]);
  });
});

describe('packet ids', () => {
  test.each([
    ['SUBSCRIBE', packetOf(0x82, uint16(0), 'a', 0)],
    ['UNSUBSCRIBE', packetOf(0xa2, uint16(0), 'a')],
    ['PUBLISH at QoS 1', packetOf(0x32, 'a', uint16(0), raw('x'))],
    ['PUBLISH at QoS 2', packetOf(0x34, 'a', uint16(0), raw('x'))],
  ])('a %s with the id 0 ends the connection [MQTT-2.3.1-1]', (_name, packet) => {
    const it = newBroker();
    const watcher = mqttClient(it).subscribe('#');
    const client = mqttClient(it).sendBytes(packet);
    expect([client.isClosed, client.packets.length, watcher.messages]).toEqual([true, 1, []]);
  });

  test('a QoS 0 PUBLISH has none: what follows its topic is the payload, both ways [MQTT-2.3.1-5] [MQTT-4.3.1-1]', () => {
    const it = newBroker();
    const client = mqttClient(it)
      .subscribe('a')
      .sendBytes(packetOf(0x30, 'a', uint16(7), raw('x')));
    expect(packetsIn(client.wire).at(-1)).toBe('3006000161000778');
  });

  test('answers carry the id of what they answer [MQTT-2.3.1-6] [MQTT-2.3.1-7] [MQTT-3.8.4-2] [MQTT-3.10.4-4]', () => {
    const client = mqttClient(newBroker());
    for (const messageId of [1, 255, 256, 65_535]) {
      const before = packetsIn(client.wire).length;
      const digits = uint16(messageId).toString('hex');
      client
        .send({ cmd: 'subscribe', messageId, subscriptions: [{ topic: 'b', qos: 1 }] })
        .send({ cmd: 'unsubscribe', messageId, unsubscriptions: ['b'] })
        .publish('a', 'x', { qos: 1, messageId })
        .publish('a', 'x', { qos: 2, messageId })
        .send({ cmd: 'pubrel', messageId });
      expect(packetsIn(client.wire).slice(before)).toEqual([
        ...[`9003${digits}01`, `b002${digits}`, `4002${digits}`, `5002${digits}`, `7002${digits}`],
      ]);
    }
  });

  test('PUBREL carries the id of its PUBLISH, also to several clients that are at different ids [MQTT-2.3.1-6]', () => {
    const it = newBroker();
    const early = mqttClient(it).subscribe('a', { qos: 2 });
    const publisher = mqttClient(it).publish('a', 'first', { qos: 2 });
    const late = mqttClient(it).subscribe('a', { qos: 2 });
    publisher.publish('a', 'second', { qos: 2 });
    for (const client of [early, late]) {
      const sent = client.received('publish').find(({ payload }) => payload.toString() === 'second');
      client.send({ cmd: 'pubrec', messageId: sent!.messageId });
      expect(client.last('pubrel')?.messageId).toBe(sent?.messageId);
    }
    expect([early.last('pubrel')?.messageId, late.last('pubrel')?.messageId]).toEqual([2, 1]);
  });

  test('the broker takes no id that is not acknowledged yet, also when it has been through all of them [MQTT-2.3.1-4] [MQTT-4.3.2-1]', () => {
    const it = newBroker();
    const client = mqttClient(it).subscribe('a', { qos: 1 });
    const publisher = mqttClient(it);
    const held = new Set([1, 5, 65_535]);
    /** As many publishes, of which all are acknowledged but those that are held; which ids they came with. */
    const exchange = (count: number) => {
      client.packets.length = 0;
      publisher.sendBytes(Buffer.concat(Array(count).fill(packetOf(0x32, 'a', uint16(1)))));
      const ids = client.packets.map(({ messageId }) => messageId as number);
      client.sendBytes(
        Buffer.concat(ids.filter((each) => !held.has(each)).map((each) => packetOf(0x40, uint16(each)))),
      );
      return ids;
    };
    const all = Array.from({ length: 255 }, () => exchange(257)).flat();
    expect(all).toEqual(Array.from({ length: 65_535 }, (_, index) => index + 1));
    expect(exchange(10)).toEqual([2, 3, 4, 6, 7, 8, 9, 10, 11, 12]);
    expect(client.isClosed).toBe(false);
  }, 30_000);
});

describe('errors', () => {
  test.each([
    ['a packet type that does not exist', packetOf(0x00)],
    ['the packet type that came with MQTT 5', packetOf(0xf0)],
    ['CONNACK', packetOf(0x20, 0, 0)],
    ['SUBACK', packetOf(0x90, id, 0)],
    ['UNSUBACK', packetOf(0xb0, id)],
    ['PINGRESP', packetOf(0xd0)],
    ['a remaining length of five bytes', Buffer.from('30ffffffff01', 'hex')],
    ['a PUBLISH without a topic', packetOf(0x30)],
    ['a PUBLISH whose topic is longer than the packet', packetOf(0x30, uint16(9), raw('a'))],
    ['a PUBLISH that ends in its packet id', packetOf(0x32, 'a', 1)],
    ['a PUBACK without a packet id', packetOf(0x40)],
    ['a PUBACK with a reason code', packetOf(0x40, id, 0)],
    ['a PUBREL for the packet id 0', packetOf(0x62, uint16(0))],
    ['a SUBSCRIBE with a filter that ends in the middle', packetOf(0x82, id, uint16(3), raw('a'))],
    ['a SUBSCRIBE that has no QoS for its filter', packetOf(0x82, id, 'a')],
    ['an UNSUBSCRIBE with bytes left over', packetOf(0xa2, id, 'a', 0)],
    ['a PINGREQ with a body', packetOf(0xc0, 0)],
    ['a DISCONNECT with a reason code', packetOf(0xe0, 0)],
  ])('%s ends the connection it came on, without a word, and no other [MQTT-4.8.0-1]', (_what, packet) => {
    const it = newBroker();
    const bystander = mqttClient(it).subscribe('a');
    const will = { topic: 'a', payload: 'gone', qos: 0 as const, retain: false };
    const client = mqttClient(it, { will }).sendBytes(Buffer.concat([packet, packetOf(0x30, 'a', raw('after'))]));
    it.clock.turn();
    expect([client.isClosed, client.packets.length, bystander.isClosed]).toEqual([true, 1, false]);
    expect(bystander.messages).toEqual(['a=gone']);
    expect(it.faults).toEqual([]);
  });
});
