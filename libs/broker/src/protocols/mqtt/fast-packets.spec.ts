import fc from 'fast-check';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../message.js';
import { readFast, writeAck, writePublish } from './fast-packets.js';
import { parsePacket, type MqttVersion } from './packet-codec.js';
import { fieldFault } from './packet-fields.js';
import { brokenRule } from './packet-rules.js';

const versions = fc.constantFrom<MqttVersion>(3, 4, 5);
const topics = fc.oneof(
  fc.stringMatching(/^[a-z/]{1,12}$/),
  fc.string({ minLength: 1, maxLength: 8, unit: 'binary' }),
  fc.constant('x'.repeat(200)),
);
const payloads = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom(100, 127, 128, 16_378, 17_000).map((length) => new Uint8Array(length)),
);
const qosLevels = fc.constantFrom<0 | 1 | 2>(0, 1, 2);

/** What the codec and its checks make of a whole packet: the packet's meaning, or null where it is refused. */
function slowly(bytes: Buffer, version: MqttVersion): object | null {
  const parsed = parsePacket(bytes, version);
  if (parsed.refusal !== undefined || fieldFault(bytes, version) || brokenRule(parsed.packet)) return null;
  return meaning(parsed.packet);
}

function meaning(packet: Packet): object {
  const { cmd, messageId } = packet;
  if (packet.cmd !== 'publish') return { cmd, messageId };
  const { topic, payload, qos, dup, retain } = packet;
  return {
    cmd,
    messageId: messageId ?? undefined,
    topic,
    payload: Buffer.from(payload).toString('hex'),
    qos,
    dup,
    retain,
  };
}

/** A packet as its first byte, its true length (perhaps in more bytes than it needs), and a body: otherwise anything. */
const anyPackets = fc
  .tuple(fc.integer({ min: 0x30, max: 0x7f }), fc.uint8Array({ maxLength: 200 }), fc.nat({ max: 2 }))
  .map(([header, body, spare]) => {
    const length = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7];
    const padded = spare === 0 ? length : [...length.slice(0, -1), length.at(-1)! | 0x80, 0];
    return Buffer.from([header, ...padded, ...body]);
  });

const publishes = fc.record({
  topic: topics,
  payload: payloads,
  qos: qosLevels,
  retain: fc.boolean(),
  dup: fc.boolean(),
  messageId: fc.integer({ min: 1, max: 65_535 }),
});

describe('the fast path', () => {
  test('reads nothing that the codec reads otherwise or refuses', () => {
    fc.assert(
      fc.property(anyPackets, versions, (bytes, version) => {
        const fast = readFast(bytes, version);
        if (fast) expect(meaning(fast)).toEqual(slowly(bytes, version));
      }),
      { numRuns: 3000 },
    );
  });

  test('reads a PUBLISH, whole or with a byte changed, as the codec does', () => {
    fc.assert(
      fc.property(publishes, versions, fc.nat(), fc.integer({ min: -1, max: 255 }), (publish, version, at, byte) => {
        const packet = {
          cmd: 'publish' as const,
          ...publish,
          dup: publish.qos > 0 && publish.dup,
          payload: Buffer.from(publish.payload),
        };
        const bytes = mqttPacket.generate(packet, { protocolVersion: version });
        // The first bytes are what the framer has cut the packet by.
        const header = bytes.length > 16_386 ? 4 : bytes.length > 129 ? 3 : 2;
        if (byte >= 0 && bytes.length > header) bytes[header + (at % (bytes.length - header))] = byte;
        const fast = readFast(bytes, version);
        if (fast) expect(meaning(fast)).toEqual(slowly(bytes, version));
      }),
      { numRuns: 1000 },
    );
  });

  test('is the one taken for plain publishes and acknowledgements', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z/]{1,12}$/),
        payloads,
        qosLevels,
        versions,
        (topic, payload, qos, version) => {
          const packet = {
            cmd: 'publish' as const,
            topic,
            payload: Buffer.from(payload),
            qos,
            messageId: 7,
            dup: false,
            retain: true,
          };
          const bytes = mqttPacket.generate(packet, { protocolVersion: version });
          expect(meaning(readFast(bytes, version)!)).toEqual(slowly(bytes, version));
        },
      ),
    );
    for (const cmd of ['puback', 'pubrec', 'pubrel', 'pubcomp'] as const) {
      expect(readFast(mqttPacket.generate({ cmd, messageId: 515 }), 5)).toMatchObject({ cmd, messageId: 515 });
    }
  });

  test('writes a PUBLISH byte for byte as the codec does', () => {
    fc.assert(
      fc.property(publishes, versions, ({ topic, payload, qos, retain }, version) => {
        const message = { topic, payload: Buffer.from(payload) } as Message;
        const packet = {
          cmd: 'publish' as const,
          topic,
          payload: message.payload,
          qos,
          retain,
          dup: false,
          messageId: 1,
        };
        const expected = mqttPacket.generate({ ...packet, properties: {} }, { protocolVersion: version });
        expect(writePublish(message, { qos, retain }, version === 5).toString('hex')).toBe(expected.toString('hex'));
      }),
      { numRuns: 1000 },
    );
  });

  test('writes acknowledgements byte for byte as the codec does', () => {
    for (const cmd of ['puback', 'pubrec', 'pubrel', 'pubcomp'] as const) {
      for (const messageId of [1, 255, 256, 65_535]) {
        expect(writeAck(cmd, messageId)).toEqual(mqttPacket.generate({ cmd, messageId }, { protocolVersion: 4 }));
      }
    }
  });
});
