import { describe, expect, test } from 'vitest';
import { binary, type PacketPart, packetOf, properties, raw, uint16, uint32 } from '../../../testing/mqtt-bytes.js';
import { mqttClient, MqttClient, newBroker } from '../../../testing/index.js';

const MALFORMED = 0x81;
const PROTOCOL_ERROR = 0x82;
const UNSUPPORTED_VERSION = 0x84;
const CLIENT_ID_NOT_VALID = 0x85;
const BAD_METHOD = 0x8c;
const TOPIC_NAME_INVALID = 0x90;
const RECEIVE_MAXIMUM_EXCEEDED = 0x93;
const TOPIC_ALIAS_INVALID = 0x94;
const PACKET_TOO_LARGE = 0x95;
const PAYLOAD_FORMAT_INVALID = 0x99;

const none = properties();
const id = uint16(1);
/** PUBLISH at QoS 0 on topic `a` with these properties. */
const publishWith = (...parts: PacketPart[]) => packetOf(0x30, 'a', properties(...parts), raw('x'));
const subscribeWith = (options: number, filter: string | Buffer = 'a') => packetOf(0x82, id, none, filter, options);

describe('a client that breaks the protocol is told how, then closed', () => {
  test.each<[string, Buffer, number]>([
    // The fixed header.
    ['packet type 0 [MQTT5-4.13.1-1]', packetOf(0x00), MALFORMED],
    ['a length of five bytes [MQTT5-1.5.5-1]', Buffer.from('30ffffffff01', 'hex'), MALFORMED],
    ['a length in more bytes than it needs [MQTT5-1.5.5-1]', Buffer.from('c08000', 'hex'), MALFORMED],
    ['reserved flags of PUBACK [MQTT5-2.1.3-1]', packetOf(0x42, id), MALFORMED],
    ['reserved flags of PUBREC [MQTT5-2.1.3-1]', packetOf(0x51, id), MALFORMED],
    ['reserved flags of PUBREL [MQTT5-3.6.1-1] [MQTT5-2.1.3-1]', packetOf(0x60, id), MALFORMED],
    ['reserved flags of PUBCOMP [MQTT5-2.1.3-1]', packetOf(0x78, id), MALFORMED],
    ['reserved flags of SUBSCRIBE [MQTT5-3.8.1-1]', packetOf(0x80, id, none, 'a', 0), MALFORMED],
    ['reserved flags of UNSUBSCRIBE [MQTT5-3.10.1-1]', packetOf(0xa0, id, none, 'a'), MALFORMED],
    ['reserved flags of PINGREQ [MQTT5-2.1.3-1]', packetOf(0xc1), MALFORMED],
    ['reserved flags of DISCONNECT [MQTT5-3.14.1-1]', packetOf(0xe2), MALFORMED],
    ['reserved flags of AUTH [MQTT5-3.15.1-1]', packetOf(0xf1, 0x18, none), MALFORMED],
    ['a PINGREQ with a body', packetOf(0xc0, 0), MALFORMED],

    // What only the other side sends.
    ['CONNACK from a client', packetOf(0x20, 0, 0, none), PROTOCOL_ERROR],
    ['SUBACK from a client', packetOf(0x90, id, none, 0), PROTOCOL_ERROR],
    ['UNSUBACK from a client', packetOf(0xb0, id, none, 0), PROTOCOL_ERROR],
    ['PINGRESP from a client', packetOf(0xd0), PROTOCOL_ERROR],
    ['a second CONNECT [MQTT5-3.1.0-2]', packetOf(0x10, 'MQTT', 5, 2, uint16(0), none, 'x'), PROTOCOL_ERROR],
    ['AUTH without a method in CONNECT [MQTT5-4.12.0-7]', packetOf(0xf0, 0x18, properties(0x15, 'X')), PROTOCOL_ERROR],

    // Properties.
    ['a property that does not exist', publishWith(0x7f, 1), MALFORMED],
    ['a property of another packet: a will delay in PUBLISH', publishWith(0x18, uint32(5)), MALFORMED],
    ['a property of another packet: a reason string in PUBLISH', publishWith(0x1f, 'why'), MALFORMED],
    [
      'a property of another packet: a topic alias in SUBSCRIBE',
      packetOf(0x82, id, properties(0x23, uint16(1)), 'a', 0),
      MALFORMED,
    ],
    [
      'a property of another packet: a server reference in DISCONNECT',
      packetOf(0xe0, 0, properties(0x1c, 'x')),
      MALFORMED,
    ],
    ['a property of another packet: a content type in PUBACK', packetOf(0x40, id, 0, properties(0x03, 'x')), MALFORMED],
    ['a payload format given twice', publishWith(0x01, 0, 0x01, 0), PROTOCOL_ERROR],
    ['a message expiry given twice', publishWith(0x02, uint32(1), 0x02, uint32(1)), PROTOCOL_ERROR],
    ['a content type given twice', publishWith(0x03, 'x', 0x03, 'x'), PROTOCOL_ERROR],
    ['a response topic given twice', publishWith(0x08, 'x', 0x08, 'x'), PROTOCOL_ERROR],
    ['correlation data given twice', publishWith(0x09, 'x', 0x09, 'x'), PROTOCOL_ERROR],
    ['a topic alias given twice', publishWith(0x23, uint16(1), 0x23, uint16(1)), PROTOCOL_ERROR],
    ['a subscription identifier given twice', packetOf(0x82, id, properties(0x0b, 1, 0x0b, 1), 'a', 0), PROTOCOL_ERROR],
    ['a reason string given twice', packetOf(0x40, id, 0, properties(0x1f, 'x', 0x1f, 'x')), PROTOCOL_ERROR],
    ['a session expiry given twice', packetOf(0xe0, 0, properties(0x11, uint32(0), 0x11, uint32(0))), PROTOCOL_ERROR],
    ['a property that runs out of the property length', packetOf(0x30, 'a', 1, 0x03, 'b'), MALFORMED],
    ['a property length that runs out of the packet', packetOf(0x30, 'a', 2, 1), MALFORMED],
    ['no property length [MQTT5-2.2.2-1]', packetOf(0x30, 'a'), MALFORMED],
    ['a SUBSCRIBE without property length [MQTT5-2.2.2-1]', packetOf(0x82, id), MALFORMED],

    // Strings.
    ['a topic that is not UTF-8 [MQTT5-1.5.4-1] [MQTT5-3.3.2-1]', packetOf(0x30, binary(0xc3, 0x28), none), MALFORMED],
    ['a topic with a surrogate [MQTT5-1.5.4-1]', packetOf(0x30, binary(0xed, 0xa0, 0x80), none), MALFORMED],
    ['a topic with an overlong encoding [MQTT5-1.5.4-1]', packetOf(0x30, binary(0xc1, 0xa1), none), MALFORMED],
    ['a topic with U+0000 [MQTT5-1.5.4-2] [MQTT5-4.7.3-2]', packetOf(0x30, binary(0x61, 0), none), MALFORMED],
    ['a filter that is not UTF-8 [MQTT5-3.8.3-1]', subscribeWith(0, binary(0xc3, 0x28)), MALFORMED],
    ['a filter with U+0000 [MQTT5-4.7.3-2]', subscribeWith(0, binary(0x61, 0)), MALFORMED],
    ['an UNSUBSCRIBE that is not UTF-8 [MQTT5-3.10.3-1]', packetOf(0xa2, id, none, binary(0xff)), MALFORMED],
    ['a response topic that is not UTF-8 [MQTT5-3.3.2-13]', publishWith(0x08, binary(0xff)), MALFORMED],
    ['a content type that is not UTF-8 [MQTT5-3.3.2-19]', publishWith(0x03, binary(0xff)), MALFORMED],
    ['the name of a user property that is not UTF-8 [MQTT5-1.5.7-1]', publishWith(0x26, binary(0xff), 'x'), MALFORMED],
    ['the value of a user property that is not UTF-8 [MQTT5-1.5.7-1]', publishWith(0x26, 'x', binary(0xff)), MALFORMED],
    ['a user property with U+0000 [MQTT5-1.5.7-1]', publishWith(0x26, 'x', binary(0)), MALFORMED],
    ['a user property without a value [MQTT5-1.5.7-1]', publishWith(0x26, 'x'), MALFORMED],
    ['a reason string that is not UTF-8', packetOf(0xe0, 0, properties(0x1f, binary(0xff))), MALFORMED],

    // PUBLISH.
    ['QoS 3 [MQTT5-3.3.1-4]', packetOf(0x36, 'a', id, none), MALFORMED],
    ['DUP at QoS 0 [MQTT5-3.3.1-2]', packetOf(0x38, 'a', none), MALFORMED],
    ['a topic with # [MQTT5-3.3.2-2] [MQTT5-4.7.0-1]', packetOf(0x30, 'a/#', none), TOPIC_NAME_INVALID],
    ['a topic with + [MQTT5-3.3.2-2] [MQTT5-4.7.0-1]', packetOf(0x32, '+/a', id, none), TOPIC_NAME_INVALID],
    ['neither topic nor alias [MQTT5-4.7.3-1]', packetOf(0x30, '', none), PROTOCOL_ERROR],
    ['an alias that was never set', packetOf(0x30, '', properties(0x23, uint16(1))), PROTOCOL_ERROR],
    ['alias 0 [MQTT5-3.3.2-8]', publishWith(0x23, uint16(0)), TOPIC_ALIAS_INVALID],
    ['an alias above the maximum [MQTT5-3.3.2-9] [MQTT5-3.2.2-17]', publishWith(0x23, uint16(33)), TOPIC_ALIAS_INVALID],
    ['a response topic with a wildcard [MQTT5-3.3.2-14]', publishWith(0x08, 'b/#'), PROTOCOL_ERROR],
    ['a subscription identifier from a client [MQTT5-3.3.4-6]', publishWith(0x0b, 1), PROTOCOL_ERROR],
    ['a payload format that is neither 0 nor 1', publishWith(0x01, 2), PROTOCOL_ERROR],
    ['a topic that runs out of the packet', packetOf(0x30, uint16(9), raw('a')), MALFORMED],
    ['no packet id where QoS asks for it', packetOf(0x32, 'a'), MALFORMED],

    [
      'a payload that is said to be UTF-8 and is not',
      packetOf(0x30, 'a', properties(0x01, 1), 0xff),
      PAYLOAD_FORMAT_INVALID,
    ],

    // Acknowledgements.
    ['a PUBACK without packet id', packetOf(0x40), MALFORMED],
    ['a PUBACK reason that does not exist [MQTT5-3.4.2-1]', packetOf(0x40, id, 0x81), PROTOCOL_ERROR],
    ['a PUBREC reason that does not exist [MQTT5-3.5.2-1]', packetOf(0x50, id, 0x92), PROTOCOL_ERROR],
    ['a PUBREL reason that does not exist [MQTT5-3.6.2-1]', packetOf(0x62, id, 0x10), PROTOCOL_ERROR],
    ['a PUBCOMP reason that does not exist [MQTT5-3.7.2-1]', packetOf(0x70, id, 0x97), PROTOCOL_ERROR],
    ['a PUBACK with bytes left over', packetOf(0x40, id, 0, none, 0xff), MALFORMED],

    // SUBSCRIBE and UNSUBSCRIBE.
    ['no filter [MQTT5-3.8.3-2]', packetOf(0x82, id, none), PROTOCOL_ERROR],
    ['a filter without options', packetOf(0x82, id, none, 'a'), MALFORMED],
    ['maximum QoS 3', subscribeWith(0x03), PROTOCOL_ERROR],
    ['retain handling 3', subscribeWith(0x30), PROTOCOL_ERROR],
    ['reserved option bit 6 [MQTT5-3.8.3-5]', subscribeWith(0x40), MALFORMED],
    ['reserved option bit 7 [MQTT5-3.8.3-5]', subscribeWith(0x80), MALFORMED],
    ['No Local on a shared subscription [MQTT5-3.8.3-4]', subscribeWith(0x04, '$share/g/a'), PROTOCOL_ERROR],
    ['subscription identifier 0', packetOf(0x82, id, properties(0x0b, 0), 'a', 0), PROTOCOL_ERROR],
    ['an UNSUBSCRIBE without a filter [MQTT5-3.10.3-2]', packetOf(0xa2, id, none), PROTOCOL_ERROR],

    // DISCONNECT.
    ['a DISCONNECT reason that does not exist [MQTT5-3.14.2-1]', packetOf(0xe0, 0x03), PROTOCOL_ERROR],
    ['a DISCONNECT with bytes left over', packetOf(0xe0, 0, none, 0), MALFORMED],
    ['a session expiry after one of 0', packetOf(0xe0, 0, properties(0x11, uint32(9))), PROTOCOL_ERROR],

    // Bounds.
    ['a packet above the maximum size [MQTT5-3.2.2-15]', Buffer.from('30ffffff7f', 'hex'), PACKET_TOO_LARGE],
  ])('%s', (_violation, bytes, code) => {
    const it = newBroker();
    const client = mqttClient(it, { protocolVersion: 5 }).sendBytes(bytes);
    expect(client.packets.map(({ cmd }) => cmd)).toEqual(['connack', 'disconnect']);
    expect(client.last('disconnect')?.reasonCode).toBe(code);
    expect(client.isClosed).toBe(true);
    expect(it.broker.counters.refused).toBe(1);
    expect(it.faults).toEqual([]);
  });

  test('more QoS 2 publishes than the receive maximum [MQTT5-3.3.4-7]', () => {
    const client = mqttClient(newBroker({ limits: { receiveMaximum: 2 } }), { protocolVersion: 5 });
    for (const messageId of [1, 2, 3]) client.publish('a', 'x', { qos: 2, messageId });
    expect(client.last('disconnect')?.reasonCode).toBe(RECEIVE_MAXIMUM_EXCEEDED);
    expect(client.isClosed).toBe(true);
  });

  test('silence for longer than its keep-alive allows [MQTT5-3.1.2-22] [MQTT5-3.1.2-20]', () => {
    const it = newBroker();
    const client = mqttClient(it, { protocolVersion: 5, keepalive: 10 });
    it.clock.advance(17_000);
    expect(client.last('disconnect')?.reasonCode).toBe(0x8d);
    expect(client.isClosed).toBe(true);
  });
});

const CLEAN = 0x02;
/** CONNECT of MQTT 5 with these flags, properties and payload. */
const connectOf = (flags: number, ...rest: PacketPart[]) => packetOf(0x10, 'MQTT', 5, flags, uint16(0), ...rest);
const connectWith = (...parts: PacketPart[]) => connectOf(CLEAN, properties(...parts), 'c');
const willWith = (...parts: PacketPart[]) =>
  connectOf(CLEAN | 0x04, none, 'c', properties(...parts), 'will', 'payload');

describe('a CONNECT that breaks the protocol is told how, then closed', () => {
  test.each<[string, Buffer, number]>([
    ['reserved flags of CONNECT [MQTT5-2.1.3-1]', packetOf(0x11, 'MQTT', 5, CLEAN, uint16(0), none, 'c'), MALFORMED],
    ['the reserved connect flag [MQTT5-3.1.2-3] [MQTT5-3.1.4-1]', connectOf(CLEAN | 0x01, none, 'c'), MALFORMED],
    ['will QoS 3 [MQTT5-3.1.2-12]', connectOf(CLEAN | 0x1c, none, 'c', none, 'w', 'x'), MALFORMED],
    ['a will QoS without a will [MQTT5-3.1.2-11]', connectOf(CLEAN | 0x08, none, 'c'), MALFORMED],
    ['a retained will without a will [MQTT5-3.1.2-13]', connectOf(CLEAN | 0x20, none, 'c'), MALFORMED],
    ['a will flag without a will [MQTT5-3.1.2-9]', connectOf(CLEAN | 0x04, none, 'c'), MALFORMED],
    ['a will without its properties [MQTT5-3.1.2-9]', connectOf(CLEAN | 0x04, none, 'c', 'w', 'x'), MALFORMED],
    ['a user name that is not announced [MQTT5-3.1.2-16]', connectOf(CLEAN, none, 'c', 'ana'), MALFORMED],
    ['a user name that is not there [MQTT5-3.1.2-17]', connectOf(CLEAN | 0x80, none, 'c'), MALFORMED],
    ['a password that is not announced [MQTT5-3.1.2-18]', connectOf(CLEAN | 0x80, none, 'c', 'ana', 'pw'), MALFORMED],
    ['a password that is not there [MQTT5-3.1.2-19]', connectOf(CLEAN | 0xc0, none, 'c', 'ana'), MALFORMED],
    ['no client id [MQTT5-3.1.3-3] [MQTT5-3.1.3-1]', connectOf(CLEAN, none), MALFORMED],
    ['a client id that is not UTF-8 [MQTT5-3.1.3-4]', connectOf(CLEAN, none, binary(0xc3, 0x28)), MALFORMED],
    [
      'a will topic that is not UTF-8 [MQTT5-3.1.3-11]',
      connectOf(CLEAN | 0x04, none, 'c', none, binary(0xff), 'x'),
      MALFORMED,
    ],
    ['a user name that is not UTF-8 [MQTT5-3.1.3-12]', connectOf(CLEAN | 0x80, none, 'c', binary(0xff)), MALFORMED],
    [
      'a will topic with a wildcard [MQTT5-4.7.0-1]',
      connectOf(CLEAN | 0x04, none, 'c', none, 'w/#', 'x'),
      TOPIC_NAME_INVALID,
    ],
    ['a property that does not exist', connectWith(0x7f, 1), MALFORMED],
    ['a property of another packet', connectWith(0x23, uint16(1)), MALFORMED],
    ['a will property in CONNECT', connectWith(0x18, uint32(1)), MALFORMED],
    ['a connect property in the will', willWith(0x21, uint16(1)), MALFORMED],
    ['a receive maximum of 0', connectWith(0x21, uint16(0)), PROTOCOL_ERROR],
    ['a maximum packet size of 0', connectWith(0x27, uint32(0)), PROTOCOL_ERROR],
    ['a request for problem information that is neither 0 nor 1', connectWith(0x17, 2), PROTOCOL_ERROR],
    ['a request for response information that is neither 0 nor 1', connectWith(0x19, 2), PROTOCOL_ERROR],
    ['authentication data without a method', connectWith(0x16, binary(1)), PROTOCOL_ERROR],
    ['a session expiry given twice', connectWith(0x11, uint32(0), 0x11, uint32(0)), PROTOCOL_ERROR],
    ['a receive maximum given twice', connectWith(0x21, uint16(1), 0x21, uint16(1)), PROTOCOL_ERROR],
    ['a maximum packet size given twice', connectWith(0x27, uint32(99), 0x27, uint32(99)), PROTOCOL_ERROR],
    ['a topic alias maximum given twice', connectWith(0x22, uint16(1), 0x22, uint16(1)), PROTOCOL_ERROR],
    ['a request for problem information given twice', connectWith(0x17, 0, 0x17, 0), PROTOCOL_ERROR],
    ['a request for response information given twice', connectWith(0x19, 0, 0x19, 0), PROTOCOL_ERROR],
    ['an authentication method given twice', connectWith(0x15, 'a', 0x15, 'a'), PROTOCOL_ERROR],
    ['a will delay given twice', willWith(0x18, uint32(1), 0x18, uint32(1)), PROTOCOL_ERROR],
    ['a response topic of a will with a wildcard', willWith(0x08, '+'), PROTOCOL_ERROR],
    [
      'a will that is said to be UTF-8 and is not',
      connectOf(CLEAN | 0x04, none, 'c', properties(0x01, 1), 'w', binary(0xff)),
      PAYLOAD_FORMAT_INVALID,
    ],
    ['a method that is not served [MQTT5-4.12.0-1]', connectWith(0x15, 'KERBEROS'), BAD_METHOD],
    ['a version to come [MQTT5-3.1.2-2]', packetOf(0x10, 'MQTT', 6, CLEAN, uint16(0), none, 'c'), UNSUPPORTED_VERSION],
    ['a client id that is reserved [MQTT5-3.1.3-8]', connectOf(CLEAN, none, '$me'), CLIENT_ID_NOT_VALID],
    ['bytes left over', connectOf(CLEAN, none, 'c', 0), MALFORMED],
  ])('%s', (_violation, bytes, code) => {
    const it = newBroker();
    const client = new MqttClient(it, { protocolVersion: 5 }).sendBytes(bytes);
    expect(client.packets.map(({ cmd }) => cmd)).toEqual(['connack']); // [MQTT5-3.14.0-1] and no DISCONNECT
    expect(client.last('connack')).toMatchObject({ reasonCode: code, sessionPresent: false });
    expect(client.isClosed).toBe(true);
    expect(it.broker.counters.refused).toBe(1);
    expect(it.broker.presence.onlineCount).toBe(0);
    expect(it.faults).toEqual([]);
  });

  test.each([
    ['PUBLISH', packetOf(0x30, 'a', none, raw('x'))],
    ['PINGREQ', packetOf(0xc0)],
    ['AUTH', packetOf(0xf0, 0x18, none)],
    ['DISCONNECT', packetOf(0xe0)],
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])(
    '%s before CONNECT is closed without a word, for nothing may come before CONNACK [MQTT5-3.1.0-1] [MQTT5-3.2.0-1]',
    (_what, bytes) => {
      const client = new MqttClient(newBroker(), { protocolVersion: 5 }).sendBytes(bytes);
      expect(client.wire).toHaveLength(0);
      expect(client.isClosed).toBe(true);
    },
  );

  test.each(['MQIsdp', 'MQTTX', 'mqtt', ''])(
    'the protocol name "%s" is not served as MQTT 5 [MQTT5-3.1.2-1]',
    (name) => {
      const it = newBroker();
      const bytes = packetOf(0x10, name, 5, CLEAN, uint16(0), none, 'c');
      const client = new MqttClient(it, { protocolVersion: 4 }).sendBytes(bytes);
      expect(client.isClosed).toBe(true);
      expect(client.received('connack').every(({ returnCode }) => returnCode === 1)).toBe(true);
      expect(it.broker.counters.refusals['unsupported-protocol-version']).toBe(1);
      expect(it.broker.presence.onlineCount).toBe(0);
    },
  );
});
