import mqttPacket from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { mqttClient, MqttClient, newBroker, type TestBroker } from '../../testing/index.js';

/** Somebody whose messages go on whatever others do. */
function bystanders(it: TestBroker) {
  const reader = mqttClient(it, { clientId: 'reader' }).subscribe('bystander');
  const writer = mqttClient(it, { clientId: 'writer' });
  let sent = 0;
  return () => {
    writer.publish('bystander', String(++sent));
    expect(reader.messages).toHaveLength(sent);
  };
}

/** Bytes of the hex, spaces allowed. */
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('bytes that break the protocol', () => {
  test.each([
    ['a remaining length of five bytes', 'ff ff ff ff ff 01', 0x81],
    ['a packet type that does not exist', '00 00', 0x81],
    ['reserved flags of SUBSCRIBE [MQTT5-3.8.1-1]', '80 00', 0x81],
    ['a SUBSCRIBE without a filter [MQTT5-3.8.3-2]', '82 03 00 01 00', 0x82],
    ['a SUBSCRIBE with packet id 0 [MQTT5-2.2.1-3]', '82 07 00 00 00 00 01 61 00', 0x81],
    ['a filter that runs out of the packet', '82 07 00 01 00 00 09 61 00', 0x81],
    ['a PUBLISH with both QoS bits [MQTT5-3.3.1-4]', '36 05 00 01 61 00 01', 0x81],
    ['a PUBLISH with DUP at QoS 0 [MQTT5-3.3.1-2]', '38 04 00 01 61 00', 0x81],
    ['a PUBLISH with packet id 0 [MQTT5-2.2.1-3]', '32 06 00 01 61 00 00 00', 0x81],
    ['a topic that is not UTF-8 [MQTT5-1.5.4-1] [MQTT5-3.3.2-1]', '30 06 00 02 c3 28 00 78', 0x81],
    ['a topic with U+0000 [MQTT5-1.5.4-2] [MQTT5-4.7.3-2]', '30 06 00 02 61 00 00 78', 0x81],
    ['an encoded surrogate [MQTT5-1.5.4-1]', '30 07 00 03 ed a0 80 00 78', 0x81],
    ['a property that does not exist', '30 06 00 01 61 02 7f 01', 0x81],
    ['a property given twice', '30 0e 00 01 61 0a 02 00 00 00 05 02 00 00 00 05', 0x82],
    ['a property given twice with the value 0', '30 08 00 01 61 04 01 00 01 00', 0x82],
    ['a flag that is neither 0 nor 1', '30 06 00 01 61 02 01 02', 0x82],
    ['a property that overruns the property length', '30 08 00 01 61 01 03 00 01 62', 0x81],
    ['a property length that overruns the packet', '30 05 00 01 61 02 01', 0x81],
    ['a user property whose value runs out of the packet', '30 0a 00 01 61 06 26 00 01 61 00 05', 0x81],
    ['a property that is not UTF-8 [MQTT5-3.3.2-19]', '30 09 00 01 61 05 03 00 02 c3 28', 0x81],
    ['no property length', '30 03 00 01 61', 0x81],
    ['a property length that never ends', '30 04 00 01 61 80', 0x81],
    ['a property length in more bytes than it needs [MQTT5-1.5.5-1]', '30 05 00 01 61 80 00', 0x81],
    ['a PUBACK with bytes left over', '40 05 00 01 00 00 ff', 0x81],
    ['a DISCONNECT with bytes left over', 'e0 03 00 00 00', 0x81],
    ['a will delay in a PUBLISH', '30 09 00 01 61 05 18 00 00 00 05', 0x81],
    ['a PINGREQ with a body', 'c0 01 00', 0x81],
    ['an AUTH without a method that was agreed on [MQTT5 4.12]', 'f0 00', 0x82],
    ['what only a server sends', '20 03 00 00 00', 0x82],
    ['a packet larger than the limit', '30 ff ff ff 7f', 0x95],
    ['300 MB announced', '30 80 80 80 8f 01', 0x81],
  ])(
    '%s ends the link with its reason code, is counted, and nobody else notices [MQTT5-4.13.1-1]',
    (_what, bytes, code) => {
      const it = newBroker();
      const goOn = bystanders(it);
      const client = mqttClient(it, { protocolVersion: 5 }).sendBytes(hex(bytes));
      expect(client.last('disconnect')?.reasonCode).toBe(code);
      expect(client.isClosed).toBe(true);
      expect(it.broker.counters.refused).toBe(1);
      expect(it.faults).toEqual([]);
      goOn();
    },
  );

  test.each([
    ['a topic that is not UTF-8', '30 06 00 02 c3 28 00 78'],
    ['a PUBACK with a reason code', '40 03 00 01 00'],
    ['a DISCONNECT with a reason code', 'e0 01 00'],
  ])('MQTT 3.1.1 is closed without a word: %s [MQTT-4.8.0-1]', (_what, bytes) => {
    const client = mqttClient(newBroker()).sendBytes(hex(bytes));
    expect(client.packets.map(({ cmd }) => cmd)).toEqual(['connack']);
    expect(client.isClosed).toBe(true);
  });

  test.each([
    [
      'a CONNECT with its reserved flag set [MQTT-3.1.2-3] [MQTT-3.1.4-1]',
      '10 0d 00 04 4d 51 54 54 04 03 00 00 00 01 61',
    ],
    [
      'a CONNECT with a will QoS of 3 [MQTT-3.1.2-14]',
      '10 13 00 04 4d 51 54 54 04 1e 00 00 00 01 61 00 01 61 00 01 61',
    ],
    ['a CONNECT cut short [MQTT-3.1.4-1]', '10 05 00 04 4d 51 54'],
    ['a CONNECT with bytes left over [MQTT-3.1.4-1]', '10 0e 00 04 4d 51 54 54 04 02 00 00 00 01 61 62'],
    ['a CONNECT with a property given twice', '10 12 00 04 4d 51 54 54 05 02 00 00 04 17 00 17 00 00 01 61'],
    ['another protocol [MQTT-3.1.2-1] [MQTT5-3.1.2-1]', '10 0d 00 04 4d 51 54 53 04 02 00 00 00 01 61'],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n').toString('hex')],
    ['TLS', '16 03 01 00 f4 01 00 00 f0 03 03'],
  ])('%s is closed before anybody is known', (_what, bytes) => {
    const it = newBroker();
    const client = new MqttClient(it).sendBytes(hex(bytes));
    expect(client.isClosed).toBe(true);
    expect(it.broker.counters.refused).toBe(1);
    expect(it.broker.presence.onlineCount).toBe(0);
  });

  test('a CONNECT of a user that is no UTF-8 is refused [MQTT-3.1.3-11]', () => {
    const packet = mqttPacket.generate({ cmd: 'connect', clientId: 'c', username: 'ab', clean: true });
    packet.set([0xc3, 0x28], packet.indexOf('ab'));
    const it = newBroker();
    expect(new MqttClient(it).sendBytes(packet).isClosed).toBe(true);
    expect(it.broker.counters.refusals['invalid-utf8']).toBe(1);
  });

  test('a U+FFFD that a client means is not taken for a broken string', () => {
    const it = newBroker();
    const reader = mqttClient(it).subscribe('t/\ufffd');
    mqttClient(it).publish('t/\ufffd', 'x');
    expect(reader.messages).toEqual(['t/\ufffd=x']);
  });
});

describe('bytes that come as they like', () => {
  test('a conversation sent byte by byte is understood', () => {
    const it = newBroker();
    const client = new MqttClient(it);
    const packets = [
      mqttPacket.generate({ cmd: 'connect', clientId: 'slow', clean: true }),
      mqttPacket.generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'a', qos: 0 }] }),
      mqttPacket.generate({ cmd: 'publish', topic: 'a', payload: 'x'.repeat(300), qos: 0, dup: false, retain: false }),
    ];
    for (const byte of Buffer.concat(packets)) client.sendBytes(Buffer.from([byte]));
    expect(client.messages).toEqual([`a=${'x'.repeat(300)}`]);
  });

  test('many packets in one chunk are handled in order [MQTT-4.6.0-6]', () => {
    const it = newBroker();
    const publishes = Array.from({ length: 500 }, (_, i) =>
      mqttPacket.generate({ cmd: 'publish', topic: 'a', payload: String(i), qos: 0, dup: false, retain: false }),
    );
    const client = mqttClient(it).subscribe('a').sendBytes(Buffer.concat(publishes));
    expect(client.messages).toEqual(Array.from({ length: 500 }, (_, i) => `a=${i}`));
  });

  test('a packet that was announced and never comes holds no more than what came', () => {
    const it = newBroker({ limits: { packetBytes: 200 * 1024 * 1024 } });
    const before = process.memoryUsage().arrayBuffers;
    const client = mqttClient(it).sendBytes(hex('30 ff ff ff 5f'));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
    expect(client.isClosed).toBe(false);
  });
});

describe('random input', () => {
  /** A small generator with a seed, so that a failure can be repeated. */
  function random(seed: number) {
    let state = seed;
    return (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  }

  const samples = [
    mqttPacket.generate(
      { cmd: 'connect', clientId: 'c', clean: true, protocolVersion: 5, will: { topic: 'w', payload: 'x', qos: 1 } },
      { protocolVersion: 5 },
    ),
    mqttPacket.generate(
      {
        cmd: 'publish',
        topic: 'a/b',
        payload: 'hello',
        qos: 1,
        messageId: 3,
        dup: false,
        retain: true,
        properties: { userProperties: { a: 'b' }, contentType: 'c' },
      },
      { protocolVersion: 5 },
    ),
    mqttPacket.generate(
      { cmd: 'subscribe', messageId: 4, subscriptions: [{ topic: 'a/#', qos: 2, nl: true, rap: false, rh: 1 }] },
      { protocolVersion: 5 },
    ),
    mqttPacket.generate({ cmd: 'unsubscribe', messageId: 5, unsubscriptions: ['a/#'] }, { protocolVersion: 5 }),
    mqttPacket.generate({ cmd: 'pubrel', messageId: 3 }, { protocolVersion: 5 }),
    mqttPacket.generate({ cmd: 'disconnect', reasonCode: 4 }, { protocolVersion: 5 }),
  ];

  test.each([1, 2, 3, 4])(
    'seed %i: mutated packets, cut anywhere, never fault the broker or reach another link',
    (seed) => {
      const next = random(seed);
      const it = newBroker();
      const goOn = bystanders(it);
      for (let round = 0; round < 500; round++) {
        const version = ([3, 4, 5] as const)[next(3)]!;
        const client =
          next(4) === 0
            ? new MqttClient(it, { protocolVersion: version })
            : mqttClient(it, { protocolVersion: version });
        const bytes = Buffer.from(samples[next(samples.length)]!);
        for (let i = next(4); i >= 0; i--) bytes[next(bytes.length)] = next(256);
        const cut = next(bytes.length);
        client.sendBytes(bytes.subarray(0, cut)).sendBytes(bytes.subarray(cut));
        client.drop();
      }
      expect(it.faults).toEqual([]);
      expect(it.broker.presence.onlineCount).toBe(2);
      goOn();
    },
  );
});
