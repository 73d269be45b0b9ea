import { describe, expect, test } from 'vitest';
import { mqttClient, MqttClient, newBroker } from '../../../testing/index.js';
import { packetOf, packetsIn, properties, uint16 } from '../../../testing/mqtt-bytes.js';

const v5 = { protocolVersion: 5 } as const;
/** What came after the CONNACK, packet by packet. */
const answers = (client: MqttClient) => packetsIn(client.wire).slice(1);

describe('strings', () => {
  test('a byte order mark is part of a topic, a filter, a client id and a property [MQTT5-1.5.4-3]', () => {
    const it = newBroker();
    const client = mqttClient(it, { ...v5, clientId: '\ufeffc' }).subscribe('\ufeffa');
    mqttClient(it, v5)
      .publish('a', 'without')
      .publish('\ufeffa', 'with', { properties: { contentType: '\ufefft' } });
    expect(client.messages).toEqual(['\ufeffa=with']);
    expect(client.last('publish')?.properties?.contentType).toBe('\ufefft');
    expect(answers(client).at(-1)).toContain('0004efbbbf61');
    expect(it.broker.presence.get('\ufeffc')?.online).toBe(true);
  });

  test('every code point that a string may hold is carried through unchanged [MQTT5-1.5.4-1]', () => {
    const it = newBroker();
    const topic = 'a/é/е/溫/🌡/\u0001/\ud7ff/\ue000/\ufffd/\uffff/\u{10ffff}';
    const client = mqttClient(it, v5).subscribe(topic);
    mqttClient(it, v5).publish(topic, 'x');
    expect(client.messages).toEqual([`${topic}=x`]);
  });
});

describe('lengths', () => {
  test.each([127, 128, 16_383, 16_384])(
    'a packet of %i bytes is written with as few length bytes as it needs [MQTT5-1.5.5-1]',
    (length) => {
      const it = newBroker();
      const client = mqttClient(it, v5).subscribe('a');
      mqttClient(it, v5).publish('a', 'x'.repeat(length - 4));
      const bytes = length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7];
      if (length >= 16_384) bytes.splice(1, 1, (length >> 7) | 0x80, length >> 14);
      expect(answers(client).at(-1)).toMatch(new RegExp(`^30${Buffer.from(bytes).toString('hex')}000161`));
    },
  );

  test.each([
    [127, '7f'],
    [128, '8001'],
  ])('so is the length of its properties: %i bytes [MQTT5-1.5.5-1]', (length, expected) => {
    const it = newBroker();
    const client = mqttClient(it, v5).subscribe('a');
    mqttClient(it, v5).publish('a', '', { properties: { contentType: 'y'.repeat(length - 3) } });
    expect(answers(client).at(-1)).toMatch(new RegExp(`^30(.{2}){1,2}000161${expected}03`));
  });

  test('no properties are a length of 0 [MQTT5-2.2.2-1]', () => {
    const it = newBroker();
    const client = mqttClient(it, v5).subscribe('a', { qos: 1 }).subscribe('b').unsubscribe('b');
    mqttClient(it, v5).publish('a', 'x').publish('a', 'x', { qos: 1 });
    expect(answers(client)).toEqual([
      '900400010001',
      '900400020000',
      'b00400030000',
      '30050001610078',
      '320700016100010078',
    ]);
  });
});

describe('the fixed header', () => {
  test('of everything that the broker sends has the flags that are prescribed [MQTT5-2.1.3-1]', () => {
    const it = newBroker();
    const client = mqttClient(it, { ...v5, clientId: 'c' })
      .subscribe('a', { qos: 2 })
      .unsubscribe('b');
    client.send({ cmd: 'pingreq' });
    client
      .publish('c', 'x', { qos: 1 })
      .publish('a', 'x', { qos: 2, messageId: 9 })
      .send({ cmd: 'pubrel', messageId: 9 });
    client.send({ cmd: 'pubrec', messageId: client.last('publish')!.messageId! });
    it.broker.disconnect('c');
    const headers = packetsIn(client.wire).map((packet) => packet.slice(0, 2));
    expect(headers.sort()).toEqual(['20', '34', '40', '50', '62', '70', '90', 'b0', 'd0', 'e0']);
  });
});

describe('packet identifiers', () => {
  test('a QoS 0 PUBLISH has none [MQTT5-2.2.1-2]', () => {
    const it = newBroker();
    const client = mqttClient(it, v5).subscribe('a', { qos: 2 });
    mqttClient(it, v5).publish('a', 'x');
    expect(answers(client).at(-1)).toBe('30050001610078');
  });

  test('an acknowledgement carries that of its PUBLISH [MQTT5-2.2.1-5] [MQTT5-4.3.2-4] [MQTT5-4.3.3-8] [MQTT5-4.3.3-11]', () => {
    const client = mqttClient(newBroker(), v5);
    for (const messageId of [1, 300, 65_535]) {
      client.publish('a', 'x', { qos: 1, messageId });
      expect(client.last('puback')?.messageId).toBe(messageId);
      client.publish('a', 'x', { qos: 2, messageId });
      expect(client.last('pubrec')?.messageId).toBe(messageId);
      client.send({ cmd: 'pubrel', messageId });
      expect(client.last('pubcomp')).toMatchObject({ messageId, reasonCode: 0 });
    }
  });

  test('SUBACK and UNSUBACK carry that of their request [MQTT5-2.2.1-6] [MQTT5-3.8.4-2] [MQTT5-3.10.4-5]', () => {
    const client = mqttClient(newBroker(), v5);
    for (const messageId of [65_535, 256, 1]) {
      client.sendBytes(packetOf(0x82, uint16(messageId), properties(), 'a', 0));
      client.sendBytes(packetOf(0xa2, uint16(messageId), properties(), 'a'));
      expect(client.last('suback')?.messageId).toBe(messageId);
      expect(client.last('unsuback')?.messageId).toBe(messageId);
    }
  });

  test('the broker gives out neither 0 nor one in use, however often it goes round [MQTT5-2.2.1-4] [MQTT5-4.3.2-1] [MQTT5-4.3.3-1]', () => {
    const it = newBroker();
    const client = mqttClient(it, { ...v5, properties: { receiveMaximum: 3 } }).subscribe('a', { qos: 2 });
    const sender = mqttClient(it, v5);
    const next = () => sender.publish('a', '', { qos: 1, messageId: 1 }) && client.last('publish')!.messageId!;
    const unanswered = next();
    sender.publish('a', '', { qos: 2, messageId: 2 });
    const halfAnswered = client.last('publish')!.messageId!;
    client.send({ cmd: 'pubrec', messageId: halfAnswered });
    const given = new Set<number>();
    for (let i = 0; i < 65_600; i++) {
      const messageId = next();
      given.add(messageId);
      client.send({ cmd: 'puback', messageId });
      client.packets.length = 0;
    }
    for (const inUse of [0, unanswered, halfAnswered]) expect(given).not.toContain(inUse);
    expect(given.size).toBe(65_533);
  });
});
