import { DUP_SHAPE, Frame, QOS_IN_SHAPE, RETAIN_SHAPE } from '../../frame.js';
import { Slab, type PieceOfChunk } from '../../slab.js';
import { lengthBytes, writeLength } from './fast-packets.js';

const MAX_TOPIC_BYTES = 65_535;
/** The largest remaining length that four bytes can say [MQTT 2.2.3]. */
const MAX_REMAINING_LENGTH = 268_435_455;
const PACKET_ID_BYTES = 2;
/** Up to here a loop copies faster than what Node has for a part of a buffer. */
const LOOP_BYTES = 48;

/** Where a payload stands in a chunk: at its end. */
export interface PayloadPlace extends PieceOfChunk {
  readonly payloadStart: number;
}

const slab = new Slab();

/**
 * The lead of a PUBLISH: its topic and, where the version has them, its properties, each with its length; without the packet
 * id between them [MQTT 1.5.3] [MQTT5 2.2.2.1]. Null where the topic is longer than a length can say.
 */
export function leadOf(topic: string, properties: Buffer | null): Buffer | null {
  const topicBytes = Buffer.byteLength(topic);
  if (topicBytes > MAX_TOPIC_BYTES) return null;
  const topicEnd = 2 + topicBytes;
  const propertyBytes = properties === null ? 0 : lengthBytes(properties.length) + properties.length;
  const lead = Buffer.allocUnsafe(topicEnd + propertyBytes);
  lead.writeUInt16BE(topicBytes, 0);
  lead.write(topic, 2, topicBytes === topic.length ? 'latin1' : 'utf8');
  if (properties !== null) lead.set(properties, writeLength(lead, properties.length, topicEnd));
  return lead;
}

/** A PUBLISH; the packet id, where there is one, is left as 1. Null where it is longer than MQTT can say. */
export function writePublish(lead: Buffer, place: PayloadPlace, shape: number): Frame | null {
  const qos = shape & QOS_IN_SHAPE;
  const leadBytes = lead.length + (qos > 0 ? PACKET_ID_BYTES : 0);
  const body = leadBytes + place.end - place.payloadStart;
  if (body > MAX_REMAINING_LENGTH) return null;
  const length = 1 + lengthBytes(body) + body;
  const start = slab.reserve(length, place);
  const { bytes } = slab;
  bytes[start] = 0x30 | ((shape & DUP_SHAPE) > 0 ? 8 : 0) | (qos << 1) | ((shape & RETAIN_SHAPE) > 0 ? 1 : 0);
  const leadStart = writeLength(bytes, body, start + 1);
  bytes.set(lead, leadStart);
  const packetIdAt = qos > 0 ? insertPacketId(bytes, leadStart, lead.length) : start;
  copyPayload(place, bytes, leadStart + leadBytes);
  return new Frame(bytes, packetIdAt - start, qos === 0).within(start, start + length);
}

/** Moves the properties to make place for it behind the topic; returns where it stands. */
function insertPacketId(bytes: Buffer, leadStart: number, leadBytes: number): number {
  const at = leadStart + 2 + bytes.readUInt16BE(leadStart);
  bytes.copyWithin(at + PACKET_ID_BYTES, at, leadStart + leadBytes);
  bytes.writeUInt16BE(1, at);
  return at;
}

function copyPayload({ chunk, payloadStart, end }: PayloadPlace, bytes: Buffer, start: number): void {
  if (end - payloadStart > LOOP_BYTES) chunk.copy(bytes, start, payloadStart, end);
  else for (let from = payloadStart, to = start; from < end; from++, to++) bytes[to] = chunk[from] as number;
}
