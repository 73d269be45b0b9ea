import fc from 'fast-check';
import mqttPacket from 'mqtt-packet';
import { expect, test } from 'vitest';
import { defaultLimits } from '../../limits.js';
import { runs } from '../../testing/property-runs.js';
import type { MqttVersion } from './packet-codec.js';
import { writeCodes, writeUsualConnack } from './usual-answers.js';

const versions = fc.constantFrom<MqttVersion>(3, 4, 5);
const packetIds = fc.integer({ min: 1, max: 65_535 });
const codes = fc.oneof(
  fc.array(fc.constantFrom(0, 1, 2, 0x80, 0x87, 0x8f), { minLength: 1, maxLength: 5 }),
  fc.constantFrom(124, 125, 126, 16_381).map((length) => new Array<number>(length).fill(1)),
);

test('SUBACK is written as mqtt-packet writes it', () => {
  fc.assert(
    fc.property(packetIds, codes, versions, (packetId, granted, version) => {
      const expected = mqttPacket.generate(
        { cmd: 'suback', messageId: packetId, granted },
        { protocolVersion: version },
      );
      expect(writeCodes('suback', { packetId, codes: granted }, version).equals(expected)).toBe(true);
    }),
    runs(50),
  );
});

test('so is UNSUBACK, which says in MQTT 3 only what it answers', () => {
  fc.assert(
    fc.property(packetIds, codes, versions, (packetId, granted, version) => {
      const packet = { cmd: 'unsuback' as const, messageId: packetId, granted };
      const expected = mqttPacket.generate(packet, { protocolVersion: version });
      const written = writeCodes('unsuback', { packetId, codes: version === 5 ? granted : [] }, version);
      expect(written.equals(expected)).toBe(true);
    }),
    runs(50),
  );
});

test('and so is the CONNACK of a client that needs to know the bounds alone', () => {
  const bounds = fc.record({
    receiveMaximum: fc.integer({ min: 1, max: 65_535 }),
    packetBytes: fc.integer({ min: 1, max: 0xffff_ffff }),
    topicAliasMaximum: fc.nat({ max: 65_535 }),
  });
  fc.assert(
    fc.property(bounds, fc.boolean(), ({ packetBytes, ...others }, sessionPresent) => {
      const properties = { receiveMaximum: others.receiveMaximum, maximumPacketSize: packetBytes };
      const expected = mqttPacket.generate(
        {
          cmd: 'connack',
          reasonCode: 0,
          sessionPresent,
          properties: { ...properties, topicAliasMaximum: others.topicAliasMaximum },
        },
        { protocolVersion: 5 },
      );
      const limits = { ...defaultLimits, packetBytes, ...others };
      expect(writeUsualConnack(limits, sessionPresent)).toEqual(expected);
    }),
    runs(50),
  );
});
