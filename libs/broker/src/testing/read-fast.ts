import { publishReaders, readShortAck } from '../protocols/mqtt/fast-packets.js';
import type { MqttVersion } from '../protocols/mqtt/packet-codec.js';
import type { ClientPacket } from '../protocols/mqtt/packets.js';
import { PublishHead } from '../protocols/mqtt/publish-head.js';

const ACKS = { 4: 'puback', 5: 'pubrec', 6: 'pubrel', 7: 'pubcomp' } as const;

/** What the fast readers make of a packet, in the middle of a chunk; null where they leave it to the other. */
export function readFast(packet: Buffer, version: MqttVersion): ClientPacket | null {
  const chunk = Buffer.concat([Buffer.from([0x30, 0xff]), packet, Buffer.from([0x00, 0x01, 0x02, 0x03])]);
  const [start, end] = [2, 2 + packet.length];
  const type = (packet[0] as number) >> 4;
  if (type === 3) return readPublish(chunk, [start, end], version);
  const messageId = readShortAck(chunk, start, end);
  return messageId === 0 ? null : { cmd: ACKS[type as keyof typeof ACKS], messageId, reasonCode: 0 };
}

function readPublish(
  chunk: Buffer,
  [start, end]: readonly [number, number],
  version: MqttVersion,
): ClientPacket | null {
  const reader = publishReaders[version];
  const head = reader.read(chunk, start, end) ? PublishHead.plain(reader) : null;
  if (!head) return null;
  if (!head.isOf(reader)) throw new Error('A head that does not know itself.');
  const { qos, isDup: dup, retain, packetId: messageId, payloadStart } = reader;
  return {
    cmd: 'publish',
    topic: head.topic,
    payload: chunk.subarray(payloadStart, end),
    qos,
    dup,
    retain,
    messageId,
    properties: null,
  };
}
