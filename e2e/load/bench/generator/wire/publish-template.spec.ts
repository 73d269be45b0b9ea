import mqttPacket from 'mqtt-packet';
import { expect, test } from 'vitest';
import { connectPacket, subscribePacket } from './packets.js';
import { PublishTemplate, sensorProperties } from './publish-template.js';

const target = { host: '127.0.0.1', port: 1, path: null, username: 'joy', password: 'secret' };

function read(bytes: Buffer, protocolVersion: number): mqttPacket.Packet {
  const parser = mqttPacket.parser({ protocolVersion });
  const packets: mqttPacket.Packet[] = [];
  parser.on('packet', (packet) => packets.push(packet));
  expect(parser.parse(bytes)).toBe(0);
  return packets[0]!;
}

test.each([4, 5] as const)('another reader finds in MQTT %d what was meant', (version) => {
  const connect = read(connectPacket({ ...target, version }, 'me', true), version);
  expect(connect).toMatchObject({ clientId: 'me', clean: false, username: 'joy', protocolVersion: version });
  const subscribe = read(subscribePacket(version, 7, { filters: ['a/+', 'b'], qos: 1 }), version);
  expect(subscribe).toMatchObject({ messageId: 7, subscriptions: [{ topic: 'a/+' }, { topic: 'b', qos: 1 }] });
});

test.each([
  { version: 4, qos: 0, payloadBytes: 16 },
  { version: 4, qos: 1, payloadBytes: 300 },
  { version: 5, qos: 2, payloadBytes: 20_000 },
  { version: 5, qos: 1, payloadBytes: 64, properties: sensorProperties },
] as const)('a PUBLISH has its packet id and its stamp where the template says: %o', (options) => {
  const { bytes, idAt, stampAt, hasId } = new PublishTemplate({ topic: 'bench/t', ...options });
  if (hasId) bytes.writeUInt16BE(0x1234, idAt);
  bytes.writeUInt32LE(99, stampAt);
  const packet = read(bytes, options.version) as mqttPacket.IPublishPacket;
  expect(packet).toMatchObject({ topic: 'bench/t', qos: options.qos });
  expect(packet.messageId).toBe(hasId ? 0x1234 : undefined);
  expect(packet.payload).toHaveLength(options.payloadBytes);
  expect((packet.payload as Buffer).readUInt32LE(0)).toBe(99);
  if ('properties' in options) expect(packet.properties).toMatchObject({ topicAlias: 1, contentType: 'text/plain' });
});
