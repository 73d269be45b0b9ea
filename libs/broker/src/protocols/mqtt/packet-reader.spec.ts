import { describe, expect, test } from 'vitest';
import { readConnectPacket } from './connect-reader.js';
import { readPacket } from './packet-reader.js';

/** Bytes of the hex, spaces allowed. */
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** A list of reason codes as one-byte numbers. */
const codes = (text: string) => text.split(' ').map((code) => Number.parseInt(code, 16));

describe('flags of the fixed header', () => {
  const packets = {
    puback: '40 02 00 01',
    pubrec: '50 02 00 01',
    pubrel: '62 02 00 01',
    pubcomp: '70 02 00 01',
    subscribe: '82 06 00 01 00 01 61 00',
    unsubscribe: 'a2 05 00 01 00 01 61',
    pingreq: 'c0 00',
    disconnect: 'e0 00',
  };

  test('reserved bits have one value each, and any other makes the packet malformed [MQTT-2.2.2-1] [MQTT-2.2.2-2]', () => {
    for (const [cmd, text] of Object.entries(packets)) {
      for (let flags = 0; flags < 16; flags++) {
        const bytes = hex(text);
        const right = (bytes[0] as number) & 15;
        bytes[0] = ((bytes[0] as number) & 0xf0) | flags;
        expect(readPacket(bytes, 4)).toEqual(flags === right ? expect.objectContaining({ cmd }) : 'malformed-packet');
      }
    }
  });

  test('those of MQTT 5 too, AUTH among them [MQTT5-2.1.3-1] [MQTT5-3.15.1-1] [MQTT5-3.14.1-1]', () => {
    expect(readPacket(hex('f1 02 18 00'), 5)).toBe('malformed-packet');
    expect(readPacket(hex('e1 00'), 5)).toBe('malformed-packet');
    expect(readPacket(hex('c1 00'), 5)).toBe('malformed-packet');
    expect(readPacket(hex('60 02 00 01'), 5)).toBe('malformed-packet');
  });

  test('a client of 3.1 may mark what it sends again [MQTT31-2.1-1]', () => {
    expect(readPacket(hex('6a 02 00 01'), 3)).toMatchObject({ cmd: 'pubrel' });
    expect(readPacket(hex('8a 06 00 01 00 01 61 00'), 3)).toMatchObject({ cmd: 'subscribe' });
    expect(readPacket(hex('aa 05 00 01 00 01 61'), 3)).toMatchObject({ cmd: 'unsubscribe' });
  });
});

describe('reason codes that a client may give', () => {
  const ofMessage = codes('00 80 83 87 90 91 97 99');
  test.each([
    ['PUBACK [MQTT5-3.4.2-1]', '40 03 00 01', ofMessage],
    ['PUBREC [MQTT5-3.5.2-1]', '50 03 00 01', ofMessage],
    ['PUBREL [MQTT5-3.6.2-1]', '62 03 00 01', codes('00 92')],
    ['PUBCOMP [MQTT5-3.7.2-1]', '70 03 00 01', codes('00 92')],
    ['DISCONNECT [MQTT5-3.14.2-1]', 'e0 01', codes('00 04 80 81 82 83 90 93 94 95 96 97 98 99')],
    ['AUTH [MQTT5-3.15.2-1]', 'f0 01', codes('18 19')],
  ])('%s: any other is a protocol error, those of servers included', (_packet, start, allowed) => {
    for (let code = 0; code < 256; code++) {
      const read = readPacket(Buffer.concat([hex(start), Buffer.from([code])]), 5);
      expect(read).toEqual(allowed.includes(code) ? expect.objectContaining({ reasonCode: code }) : 'protocol-error');
    }
  });

  test("are success where they are left out, which is not a client's to say in AUTH", () => {
    expect(readPacket(hex('40 02 00 01'), 5)).toMatchObject({ reasonCode: 0 });
    expect(readPacket(hex('e0 00'), 5)).toMatchObject({ reasonCode: 0 });
    expect(readPacket(hex('f0 00'), 5)).toBe('protocol-error');
  });
});

describe('fields that are wrong', () => {
  test.each([
    ['a packet id of 0 [MQTT-2.3.1-1] [MQTT5-2.2.1-3]', '40 02 00 00', 'malformed-packet'],
    ['a length in more bytes than it needs [MQTT5-1.5.5-1]', '40 82 00 00 01', 'malformed-packet'],
    ['a subscription to nothing [MQTT5-3.8.3-2]', '82 03 00 01 00', 'protocol-error'],
    ['an end of subscriptions to nothing [MQTT5-3.10.3-2]', 'a2 03 00 01 00', 'protocol-error'],
    ['reserved subscription options [MQTT5-3.8.3-5]', '82 07 00 01 00 00 01 61 40', 'malformed-packet'],
    ['a maximum QoS of 3', '82 07 00 01 00 00 01 61 03', 'protocol-error'],
    ['a retain handling of 3', '82 07 00 01 00 00 01 61 30', 'protocol-error'],
    ['a subscription identifier of 0', '82 09 00 01 02 0b 00 00 01 61 00', 'protocol-error'],
    [
      'a subscription identifier in what a client publishes [MQTT5-3.3.4-6]',
      '30 06 00 01 61 02 0b 01',
      'protocol-error',
    ],
    ['a property of another packet', '30 09 00 01 61 05 11 00 00 00 05', 'malformed-packet'],
    ['a property that does not exist', '30 06 00 01 61 02 7f 01', 'malformed-packet'],
    [
      'a user property whose name is no UTF-8 [MQTT5-1.5.7-1]',
      '30 0b 00 01 61 07 26 00 02 c3 28 00 00',
      'invalid-utf8',
    ],
    ['a user property whose value has U+0000 [MQTT5-1.5.7-1]', '30 0a 00 01 61 06 26 00 00 00 01 00', 'invalid-utf8'],
    ['a content type that is no UTF-8 [MQTT5-3.3.2-19]', '30 09 00 01 61 05 03 00 02 c3 28', 'invalid-utf8'],
    ['a response topic that is no UTF-8 [MQTT5-3.3.2-13]', '30 09 00 01 61 05 08 00 02 c3 28', 'invalid-utf8'],
    ['a reason that is no UTF-8', '40 09 00 01 00 05 1f 00 02 c3 28', 'invalid-utf8'],
    ['a topic that is half a surrogate pair [MQTT5-1.5.4-1]', '30 06 00 03 ed a0 80 00', 'invalid-utf8'],
    ['a second CONNECT [MQTT5-3.1.0-2]', '10 0d 00 04 4d 51 54 54 05 02 00 00 00 00 00', 'protocol-error'],
    ['CONNACK, which a server sends', '20 02 00 00', 'protocol-error'],
    ['the type 0', '00 00', 'malformed-packet'],
  ])('%s', (_what, bytes, refusal) => {
    expect(readPacket(hex(bytes), 5)).toBe(refusal);
  });

  test.each([
    ['AUTH', 'f0 00', 'malformed-packet'],
    ['a DISCONNECT that says why', 'e0 01 00', 'malformed-packet'],
    ['reserved bits beside the QoS [MQTT-3.8.3-4]', '82 06 00 01 00 01 61 04', 'malformed-packet'],
    ['a QoS of 3 [MQTT-3.8.3-4]', '82 06 00 01 00 01 61 03', 'protocol-error'],
  ])('%s, before MQTT 5', (_what, bytes, refusal) => {
    expect(readPacket(hex(bytes), 4)).toBe(refusal);
  });

  test('a length in more bytes than it needs breaks no rule before MQTT 5', () => {
    expect(readPacket(hex('40 82 00 00 01'), 4)).toMatchObject({ cmd: 'puback', messageId: 1 });
  });
});

describe('what is kept as it is', () => {
  test('user properties, in their order and as often as they come [MQTT5-3.3.2-18]', () => {
    const property = (name: string, value: string) =>
      Buffer.from([0x26, 0, name.length, ...Buffer.from(name), 0, value.length, ...Buffer.from(value)]);
    const properties = Buffer.concat([property('a', '1'), property('b', ''), property('a', '3')]);
    const body = Buffer.concat([hex('00 01 74'), Buffer.from([properties.length]), properties]);
    const read = readPacket(Buffer.concat([Buffer.from([0x30, body.length]), body]), 5);
    const userProperties = [
      ['a', '1'],
      ['b', ''],
      ['a', '3'],
    ];
    expect(read).toMatchObject({ properties: { userProperties } });
  });

  test('a byte order mark in a topic, and a replacement character [MQTT-1.5.3-3] [MQTT5-1.5.4-3]', () => {
    expect(readPacket(hex('30 05 00 03 ef bb bf'), 4)).toMatchObject({ topic: '\ufeff' });
    expect(readPacket(hex('30 05 00 03 ef bf bd'), 4)).toMatchObject({ topic: '\ufffd' });
  });
});

describe('CONNECT', () => {
  /** A CONNECT without a will, of a client called `a`. */
  const connect = (name: string, level: number, flags: number, rest = '00 01 61') => {
    const body = [0, name.length, ...Buffer.from(name), level, flags, 0, 10, ...hex(rest)];
    return Buffer.from([0x10, body.length, ...body]);
  };
  const properties = (text: string) => {
    const bytes = hex(text);
    return `${Buffer.from([bytes.length]).toString('hex')}${bytes.toString('hex')} 00 01 61`;
  };

  test.each([
    ['MQTT', 4, { protocolVersion: 4, isBridge: false }],
    ['MQTT', 0x84, { protocolVersion: 4, isBridge: true }],
    ['MQIsdp', 3, { protocolVersion: 3, isBridge: false }],
    ['MQIsdp', 0x83, { protocolVersion: 3, isBridge: true }],
  ])('%s of level %i is served', (name, level, packet) => {
    expect(readConnectPacket(connect(name, level, 2))).toMatchObject({ packet: { ...packet, clientId: 'a' } });
  });

  test.each([
    ['MQTT', 3, 4],
    ['MQTT', 0x83, 4],
    ['MQTT', 6, 5],
    ['MQTT', 0x85, 5],
    ['MQTT', 0, 4],
    ['MQIsdp', 4, 4],
    ['MQIsdp', 5, 4],
  ])(
    '%s of level %i is not served and told so [MQTT-3.1.2-2] [MQTT5-3.1.2-2] [MQTT31-3.1-1]',
    (name, level, version) => {
      expect(readConnectPacket(connect(name, level, 2))).toEqual({ refusal: 'unsupported-protocol-version', version });
    },
  );

  test.each(['mqtt', 'MQTT\0', 'HTTP', 'MQIsdq', ''])(
    '%j is another protocol and gets no answer [MQTT-3.1.2-1] [MQTT5-3.1.2-1]',
    (name) => {
      const refused = { refusal: 'unsupported-protocol-version', version: null };
      expect(readConnectPacket(connect(name, 4, 2))).toEqual(refused);
      expect(readConnectPacket(connect(name, 5, 2))).toEqual(refused);
    },
  );

  test.each([
    ['the reserved flag [MQTT-3.1.2-3] [MQTT5-3.1.2-3]', 0x03, '00 01 61'],
    ['a will QoS without a will [MQTT-3.1.2-13] [MQTT5-3.1.2-11]', 0x0a, '00 01 61'],
    ['a will that is to be retained, and is not there [MQTT-3.1.2-15] [MQTT5-3.1.2-13]', 0x22, '00 01 61'],
    ['a will QoS of 3 [MQTT-3.1.2-14] [MQTT5-3.1.2-12]', 0x1e, '00 01 61 00 01 74 00 00'],
    ['a will without a topic [MQTT-3.1.2-9] [MQTT5-3.1.2-9]', 0x06, '00 01 61'],
    ['a user name that is not there [MQTT-3.1.2-19] [MQTT5-3.1.2-17]', 0x82, '00 01 61'],
    ['a user name without its flag [MQTT-3.1.2-18] [MQTT5-3.1.2-16]', 0x02, '00 01 61 00 01 75'],
    ['a password that is not there [MQTT-3.1.2-21] [MQTT5-3.1.2-19]', 0xc2, '00 01 61 00 01 75'],
    ['a password without its flag [MQTT-3.1.2-20] [MQTT5-3.1.2-18]', 0x82, '00 01 61 00 01 75 00 01 70'],
  ])('%s makes it malformed', (_what, flags, rest) => {
    const refused = { refusal: 'malformed-packet' };
    expect(readConnectPacket(connect('MQTT', 4, flags, rest))).toMatchObject(refused);
    const isWill = (flags & 4) !== 0;
    const rest5 = isWill ? `00 00 01 61 00 ${rest.slice('00 01 61'.length)}` : `00 ${rest}`;
    expect(readConnectPacket(connect('MQTT', 5, flags, rest5))).toMatchObject(refused);
  });

  test('a password without a user name is for MQTT 5 only [MQTT-3.1.2-22] [MQTT31-3.1-6]', () => {
    expect(readConnectPacket(connect('MQTT', 4, 0x42, '00 01 61 00 01 70'))).toMatchObject({
      refusal: 'malformed-packet',
    });
    expect(readConnectPacket(connect('MQIsdp', 3, 0x42, '00 01 61 00 01 70'))).toMatchObject({
      refusal: 'malformed-packet',
    });
    const packet = { username: null, password: Buffer.from('p') };
    expect(readConnectPacket(connect('MQTT', 5, 0x42, '00 00 01 61 00 01 70'))).toMatchObject({ packet });
  });

  test('an empty user name is one, and an empty password too', () => {
    const packet = { username: '', password: Buffer.alloc(0) };
    expect(readConnectPacket(connect('MQTT', 4, 0xc2, '00 01 61 00 00 00 00'))).toMatchObject({ packet });
  });

  test('of 3.1 may end before the user name and the password that it announces [MQTT31-3.1-3]', () => {
    expect(readConnectPacket(connect('MQIsdp', 3, 0xc2))).toMatchObject({ packet: { username: null, password: null } });
    const packet = { username: 'u', password: null };
    expect(readConnectPacket(connect('MQIsdp', 3, 0xc2, '00 01 61 00 01 75'))).toMatchObject({ packet });
  });

  test.each([
    ['a receive maximum of 0', '21 00 00'],
    ['a maximum packet size of 0', '27 00 00 00 00'],
    ['authentication data without a method', '16 00 01 61'],
    ['a session expiry that comes twice', '11 00 00 00 00 11 00 00 00 00'],
    ['a wish for problem information that is neither yes nor no', '17 02'],
    ['a wish for response information that is neither yes nor no', '19 02'],
  ])('%s is a protocol error', (_what, text) => {
    const refused = { refusal: 'protocol-error', version: 5 };
    expect(readConnectPacket(connect('MQTT', 5, 2, properties(text)))).toEqual(refused);
  });

  test('a property of another packet makes it malformed', () => {
    expect(readConnectPacket(connect('MQTT', 5, 2, properties('23 00 01')))).toMatchObject({
      refusal: 'malformed-packet',
    });
  });

  test('flags other than 0 make it malformed, and so does what is cut short [MQTT-2.2.2-2] [MQTT5-2.1.3-1]', () => {
    const whole = connect('MQTT', 4, 2);
    expect(readConnectPacket(Buffer.from([0x11, ...whole.subarray(1)]))).toMatchObject({ refusal: 'malformed-packet' });
    for (let length = 2; length < whole.length; length++) {
      const cut = Buffer.from(whole.subarray(0, length));
      cut[1] = length - 2;
      expect(readConnectPacket(cut).refusal).toBeDefined();
    }
  });

  test('the user properties of a will keep their order [MQTT5-3.1.3-10]', () => {
    const ordered = '26 00 01 61 00 01 31 26 00 01 62 00 01 32 26 00 01 61 00 01 33';
    const rest = `00 00 01 61 15 ${ordered} 00 01 74 00 00`;
    const userProperties = [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ];
    const packet = { will: { topic: 't', properties: { userProperties } } };
    expect(readConnectPacket(connect('MQTT', 5, 0x06, rest))).toMatchObject({ packet });
  });
});
