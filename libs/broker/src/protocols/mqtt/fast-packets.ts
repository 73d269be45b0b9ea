import type { Message, Qos } from '../../message.js';
import { isPlainAscii } from './field-reader.js';
import type { MqttVersion } from './packet-codec.js';
import type { AckPacket, PublishPacket } from './packets.js';

const MAX_TOPIC_BYTES = 65_535;
/** The largest remaining length that four bytes can say [MQTT 2.2.3]. */
const MAX_REMAINING_LENGTH = 268_435_455;

/**
 * The packets that make up nearly all traffic, read without detours: PUBLISH without properties, and acknowledgements in
 * their short form. Anything else, and anything doubtful, is null: `readPacket` has it. Generated tests hold every byte
 * of it to mqtt-packet.
 */
export function readFast(bytes: Buffer, version: MqttVersion): PublishPacket | AckPacket | null {
  const header = bytes[0] as number;
  switch (header >> 4) {
    case 3:
      return readPublish(bytes, header, version === 5);
    case 4:
      return readAck(bytes, 'puback', header === 0x40);
    case 5:
      return readAck(bytes, 'pubrec', header === 0x50);
    case 6:
      return readAck(bytes, 'pubrel', header === 0x62);
    case 7:
      return readAck(bytes, 'pubcomp', header === 0x70);
    default:
      return null;
  }
}

/** A PUBLISH, with these properties where its version has any; the packet id, where there is one, is left as 1. */
export function writePublish(message: Message, flags: PublishFlags, properties: Buffer | null): Buffer {
  const topicBytes = Buffer.byteLength(message.topic);
  const propertyBytes = properties ? lengthBytes(properties.length) + properties.length : 0;
  const body = 2 + topicBytes + (flags.qos > 0 ? 2 : 0) + propertyBytes + message.payload.length;
  const bytes = Buffer.allocUnsafe(1 + lengthBytes(body) + body);
  bytes[0] = 0x30 | (flags.isDup ? 8 : 0) | (flags.qos << 1) | (flags.retain ? 1 : 0);
  let at = writeLength(bytes, body, 1);
  at = bytes.writeUInt16BE(topicBytes, at);
  at += bytes.write(message.topic, at, topicBytes === message.topic.length ? 'latin1' : 'utf8');
  if (flags.qos > 0) at = bytes.writeUInt16BE(1, at);
  if (properties) {
    at = writeLength(bytes, properties.length, at);
    at += properties.copy(bytes, at);
  }
  message.payload.copy(bytes, at);
  return bytes;
}

/** MQTT has a way to say it: neither its topic nor all of it is longer than a length can be. */
export function isWritable(message: Message, properties: Buffer): boolean {
  const { topic, payload } = message;
  if (topic.length > MAX_TOPIC_BYTES / 3 && Buffer.byteLength(topic) > MAX_TOPIC_BYTES) return false;
  // The topic, the packet id and all lengths take less than that.
  return payload.length + properties.length < MAX_REMAINING_LENGTH - MAX_TOPIC_BYTES - 16;
}

/** How a PUBLISH is sent. */
export interface PublishFlags {
  readonly qos: Qos;
  readonly retain: boolean;
  readonly isDup: boolean;
}

/** An acknowledgement that says success, or the only thing that MQTT 3 can say. */
export function writeAck(command: keyof typeof ACK_HEADER, packetId: number): Buffer {
  return Buffer.from([ACK_HEADER[command], 2, packetId >> 8, packetId & 0xff]);
}

const ACK_HEADER = { puback: 0x40, pubrec: 0x50, pubrel: 0x62, pubcomp: 0x70 } as const;

function readPublish(bytes: Buffer, header: number, hasProperties: boolean): PublishPacket | null {
  const qos = (header >> 1) & 3;
  const dup = (header & 8) !== 0;
  if (qos === 3 || (qos === 0 && dup)) return null;
  let at = bodyStart(bytes);
  if (at > 2 && bytes[at - 1] === 0) return null; // [MQTT5-1.5.5-1] a length in more bytes than it needs
  const topicEnd = at + 2 + readUInt16(bytes, at);
  const idEnd = topicEnd + (qos > 0 ? 2 : 0);
  const payloadStart = idEnd + (hasProperties ? 1 : 0);
  if (!(payloadStart <= bytes.length) || (hasProperties && bytes[idEnd] !== 0)) return null;
  at += 2;
  if (at === topicEnd || !isPlainAscii(bytes, at, topicEnd)) return null;
  const messageId = qos > 0 ? readUInt16(bytes, topicEnd) : 0;
  if (qos > 0 && messageId === 0) return null;
  return {
    cmd: 'publish',
    topic: bytes.toString('latin1', at, topicEnd),
    payload: bytes.subarray(payloadStart),
    qos: qos as Qos,
    dup,
    retain: (header & 1) !== 0,
    messageId,
    properties: null,
  };
}

function readAck(bytes: Buffer, cmd: keyof typeof ACK_HEADER, isHeaderRight: boolean): AckPacket | null {
  if (!isHeaderRight || bytes.length !== 4 || bytes[1] !== 2) return null;
  const messageId = readUInt16(bytes, 2);
  return messageId === 0 ? null : { cmd, messageId, reasonCode: 0 };
}

/** Where the body of a whole packet begins. */
function bodyStart(bytes: Buffer): number {
  let at = 1;
  while ((bytes[at] as number) >= 0x80) at++;
  return at + 1;
}

/** NaN where the bytes end. */
function readUInt16(bytes: Buffer, at: number): number {
  return (bytes[at] as number) * 256 + (bytes[at + 1] as number);
}

/** How many bytes a variable byte integer takes [MQTT5 1.5.5]. */
export function lengthBytes(length: number): number {
  return length < 0x80 ? 1 : length < 0x4000 ? 2 : length < 0x20_0000 ? 3 : 4;
}

/** Writes a variable byte integer; returns where it ends. */
export function writeLength(bytes: Buffer, length: number, start: number): number {
  let at = start;
  let left = length;
  for (; left >= 0x80; left >>>= 7) bytes[at++] = (left & 0x7f) | 0x80;
  bytes[at++] = left;
  return at;
}
