import fc from 'fast-check';
import mqttPacket, { type IPublishPacket, type UserProperties } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { DUP_SHAPE, shapeOf, SharedFrames } from '../../frame.js';
import type { Message, MessageProperties } from '../../message.js';
import { runs } from '../../testing/property-runs.js';
import { readFast } from '../../testing/read-fast.js';
import { publishReaders, writeAck } from './fast-packets.js';
import type { MqttVersion } from './packet-codec.js';
import { messageProperties } from './packet-properties.js';
import { readPacket } from './packet-reader.js';
import type { ClientPacket, PublishPacket } from './packets.js';
import { mqtt3Format, mqtt5Format } from './publish-format.js';
import { PublishHead } from './publish-head.js';
import { ReceivedPublish } from './received-publish.js';
import { wildText } from '../../testing/wild-text.js';

const versions = fc.constantFrom<MqttVersion>(3, 4, 5);
const topics = fc.oneof(
  fc.stringMatching(/^[a-z/]{1,12}$/),
  wildText({ minLength: 1, maxLength: 8 }),
  fc.constant('x'.repeat(200)),
);
const payloads = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom(100, 127, 128, 16_378, 17_000).map((length) => new Uint8Array(length)),
);
const qosLevels = fc.constantFrom<0 | 1 | 2>(0, 1, 2);

/** What the reader of all packets makes of it: the packet's meaning, or null where it is refused. */
function slowly(bytes: Buffer, version: MqttVersion): object | null {
  const packet = readPacket(bytes, version);
  return typeof packet === 'string' ? null : meaning(packet);
}

/** Without properties: the fast path leaves those that have any to the other. */
function meaning(packet: ClientPacket): object {
  if (packet.cmd !== 'publish') return packet;
  return { ...packet, payload: packet.payload.toString('hex'), properties: null };
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

const texts = fc.oneof(
  fc.stringMatching(/^[a-z]{0,6}$/),
  wildText({ maxLength: 6 }).map((text) => text.replaceAll('\0', '')),
);
/** Few names, so that they come again. */
const names = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('a', 'b', '__proto__', 'length', '2', '1') }, texts);
const seconds = fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 0xffff_ffff }));
const identifiers = fc.array(fc.integer({ min: 1, max: 268_435_455 }), { maxLength: 3 });

/** What travels with a message, each there or not. */
const properties: fc.Arbitrary<MessageProperties> = fc
  .record(
    {
      payloadFormatIndicator: fc.boolean(),
      contentType: texts,
      responseTopic: texts,
      correlationData: fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
      userProperties: fc.array(fc.tuple(names, texts), { minLength: 1, maxLength: 6 }),
    },
    { requiredKeys: [] },
  )
  .map((kept) => kept as MessageProperties);

function aMessage(parts: Partial<Message>): Message {
  const fixed = { qos: 0 as const, retain: false, publisher: 'p', receivedAt: 0 };
  return { topic: 't', payload: Buffer.alloc(0), properties: null, expiresAt: null, ...fixed, ...parts };
}

const NOW = 1000;

/** What the packets of MQTT 5, in one chunk, bring; null for those that are not read in place. */
function receivedIn(packets: readonly Buffer[]): (ReceivedPublish | null)[] {
  const chunk = Buffer.concat(packets);
  const reader = publishReaders[5];
  let end = 0;
  return packets.map(({ length }) => {
    const start = end;
    end += length;
    if (!reader.read(chunk, start, end)) return null;
    const { topic, properties: read } = readPacket(chunk.subarray(start, end), 5) as PublishPacket;
    return new ReceivedPublish(new PublishHead(topic, read), reader, { clientId: 'p', now: NOW });
  });
}

function generated(packet: Omit<IPublishPacket, 'cmd'>, fields: object, protocolVersion: MqttVersion): Buffer {
  return mqttPacket.generate(
    { ...packet, cmd: 'publish', properties: Object.fromEntries(told(fields)) },
    { protocolVersion },
  );
}

function inOrder({ contentType, responseTopic, correlationData }: MessageProperties) {
  return { contentType, responseTopic, correlationData };
}

/** The fields that have a value. */
function told(fields: object): [string, unknown][] {
  return Object.entries(fields).filter(([, value]) => value !== undefined);
}

describe('the fast path', () => {
  test('reads nothing that is refused or read otherwise beside it', () => {
    fc.assert(
      fc.property(anyPackets, versions, (bytes, version) => {
        const fast = readFast(bytes, version);
        if (fast) expect(meaning(fast)).toEqual(slowly(bytes, version));
      }),
      runs(3000),
    );
  });

  test('reads a PUBLISH, whole or with a byte changed, as all others are read', () => {
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
      runs(1000),
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
      fc.property(publishes, versions, ({ topic, payload, qos, retain, dup }, version) => {
        const message = aMessage({ topic, payload: Buffer.from(payload) });
        const shape = shapeOf(qos, retain) | (dup && qos > 0 ? DUP_SHAPE : 0);
        const packet = {
          cmd: 'publish' as const,
          topic,
          payload: message.payload,
          qos,
          retain,
          dup: dup && qos > 0,
          messageId: 1,
        };
        const expected = mqttPacket.generate({ ...packet, properties: {} }, { protocolVersion: version });
        const format = version === 5 ? mqtt5Format : mqtt3Format;
        const frame = format.encode(new SharedFrames(message, 0), shape, null)!;
        expect(frame.bytes.toString('hex')).toBe(expected.toString('hex'));
        if (qos > 0) expect(frame.bytes.readUInt16BE(frame.packetIdOffset)).toBe(1);
      }),
      runs(1000),
    );
  });

  test('writes a PUBLISH with properties byte for byte as the codec does, user properties in order [MQTT5-3.3.2-18]', () => {
    fc.assert(
      fc.property(publishes, properties, fc.option(seconds), identifiers, (publish, kept, expiry, ids) => {
        const { topic, qos, retain } = publish;
        const expiresAt = expiry === null ? null : expiry * 1000;
        const message = aMessage({ topic, payload: Buffer.from(publish.payload), properties: kept, expiresAt });
        const variant = ids.length > 0 ? { subscriptionIdentifiers: ids } : null;
        const { payloadFormatIndicator, contentType, responseTopic, correlationData, userProperties } = kept;
        const written = {
          payloadFormatIndicator,
          messageExpiryInterval: expiry ?? undefined,
          contentType,
          responseTopic,
          correlationData,
          subscriptionIdentifier: ids.length > 0 ? [...ids] : undefined,
          // mqtt-packet keeps the order of a list, too.
          userProperties: userProperties?.map(([name, value]) => ({ [name]: value })) as unknown as UserProperties,
        };
        const packet = { cmd: 'publish' as const, topic, payload: message.payload, qos, retain, dup: false };
        const expected = mqttPacket.generate(
          { ...packet, messageId: 1, properties: Object.fromEntries(told(written)) },
          { protocolVersion: 5 },
        );
        const frame = mqtt5Format.encode(new SharedFrames(message, 0), shapeOf(qos, retain), variant)!;
        expect(frame.bytes.toString('hex')).toBe(expected.toString('hex'));
      }),
      runs(1000),
    );
  });

  test('writes what came in one chunk byte for byte as the codec does, in whatever version and shape', () => {
    const parts = fc.record({ publish: publishes, kept: properties, expiry: fc.option(seconds), alias: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(parts, { maxLength: 5 }),
        versions,
        qosLevels,
        fc.boolean(),
        (list, version, qos, retain) => {
          const packets = list.map((part) => {
            const { topic, payload } = part.publish;
            const packet = { ...part.publish, topic: topic.replaceAll('\0', '0'), payload: Buffer.from(payload) };
            const { userProperties, ...others } = part.kept;
            const pairs = userProperties?.map(([name, value]) => ({ [name]: value })) as unknown as UserProperties;
            // mqtt-packet writes them in the order of the object.
            const { payloadFormatIndicator } = others;
            const first = { payloadFormatIndicator, messageExpiryInterval: part.expiry ?? undefined };
            const kept = { ...first, ...inOrder(others), userProperties: pairs };
            const came = { ...packet, dup: packet.dup && packet.qos > 0 };
            return {
              came: generated(came, { ...kept, topicAlias: part.alias ? 7 : undefined }, 5),
              sent: generated({ ...packet, qos, retain, dup: false, messageId: 1 }, kept, version),
            };
          });
          const format = version === 5 ? mqtt5Format : mqtt3Format;
          const messages = receivedIn(packets.map(({ came }) => came));
          const frames = messages.map(
            (message) => message && format.encode(new SharedFrames(message, NOW), shapeOf(qos, retain), null),
          );
          for (const [i, { sent }] of packets.entries()) {
            const frame = frames[i];
            if (!frame) continue;
            const bytes = Buffer.from(frame.bytes);
            if (qos > 0) bytes.writeUInt16BE(1, frame.packetIdOffset);
            expect(bytes.toString('hex')).toBe(sent.toString('hex'));
          }
        },
      ),
      runs(1000),
    );
  });

  test('brings every property of a message back as it was, order and repetitions included [MQTT5-3.3.2-17]', () => {
    fc.assert(
      fc.property(publishes, properties, ({ payload, qos, retain, ...publish }, kept) => {
        const topic = publish.topic.replaceAll('\0', '0');
        const message = aMessage({ topic, payload: Buffer.from(payload), properties: kept });
        const { bytes } = mqtt5Format.encode(new SharedFrames(message, 0), shapeOf(qos, retain), null)!;
        const read = readPacket(bytes, 5) as PublishPacket;
        expect(read).toMatchObject({ topic, qos, retain });
        expect(read.payload.equals(message.payload)).toBe(true);
        const properties = messageProperties(read.properties);
        expect(properties).toEqual(told(kept).length > 0 ? Object.fromEntries(told(kept)) : null);
      }),
      runs(1000),
    );
  });

  test('has no way to say a topic or a property that is longer than its length can be, nor a packet that large', () => {
    const encode = (parts: Partial<Message>) => mqtt5Format.encode(new SharedFrames(aMessage(parts), 0), 0, null);
    expect(encode({ topic: 'x'.repeat(65_535) })).not.toBeNull();
    expect(encode({ topic: 'x'.repeat(65_536) })).toBeNull();
    expect(encode({ topic: 'ü'.repeat(32_768) })).toBeNull();
    expect(encode({ properties: { contentType: 'x'.repeat(65_535) } })).not.toBeNull();
    expect(encode({ properties: { contentType: 'x'.repeat(65_536) } })).toBeNull();
    expect(encode({ properties: { userProperties: [['ü'.repeat(40_000), '']] } })).toBeNull();
    expect(encode({ payload: { length: 268_435_455 } as Buffer })).toBeNull();
  });

  test('writes acknowledgements byte for byte as the codec does', () => {
    for (const cmd of ['puback', 'pubrec', 'pubrel', 'pubcomp'] as const) {
      for (const messageId of [1, 255, 256, 65_535]) {
        expect(writeAck(cmd, messageId)).toEqual(mqttPacket.generate({ cmd, messageId }, { protocolVersion: 4 }));
      }
    }
  });
});
