import type { Qos } from '../../message.js';
import type { MqttVersion } from './packet-codec.js';

/** Types of packets [MQTT 2.1.2]. */
export const PUBLISH_TYPE = 3;
export const PUBACK_TYPE = 4;
export const PUBREC_TYPE = 5;
export const PUBREL_TYPE = 6;
export const PUBCOMP_TYPE = 7;

/**
 * Finds the parts of a PUBLISH in the chunk that it came in, without taking it apart. One is written over by the next.
 * Anything doubtful, and anything rare, is not read here: `readPacket` has it. Generated tests hold every byte to
 * mqtt-packet.
 */
export class PublishReader {
  chunk: Buffer = NOTHING;
  start = 0;
  qos: Qos = 0;
  isDup = false;
  retain = false;
  topicStart = 0;
  topicEnd = 0;
  /** 0 for QoS 0. */
  packetId = 0;
  /** Without their length; they end where the payload begins. */
  propertiesStart = 0;
  payloadStart = 0;
  end = 0;

  /** In MQTT 5 a PUBLISH has properties. */
  constructor(readonly hasProperties: boolean) {}

  /** False where it is to be read otherwise. The topic is not looked at. */
  read(chunk: Buffer, start: number, end: number): boolean {
    const header = chunk[start] as number;
    const qos = (header >> 1) & 3;
    this.isDup = (header & 8) !== 0;
    if (qos === 3 || (qos === 0 && this.isDup)) return false;
    // To store a new object in an old one costs more than to compare them.
    if (this.chunk !== chunk) this.chunk = chunk;
    this.start = start;
    this.end = end;
    this.qos = qos as Qos;
    this.retain = (header & 1) !== 0;
    return this.readLengths(bodyStart(chunk, start));
  }

  private readLengths(at: number): boolean {
    const { chunk, start, end } = this;
    if (at > start + 2 && chunk[at - 1] === 0) return false; // [MQTT5-1.5.5-1] a length in more bytes than it needs
    this.topicStart = at + 2;
    this.topicEnd = at + 2 + readUInt16(chunk, at);
    let next = this.topicEnd;
    if (next + 2 > end && (this.qos > 0 || next > end)) return false;
    this.packetId = this.qos > 0 ? readUInt16(chunk, next) : 0;
    if (this.qos > 0) {
      if (this.packetId === 0) return false;
      next += 2;
    }
    this.propertiesStart = next;
    if (this.hasProperties) {
      const length = next < end ? (chunk[next] as number) : CONTINUED;
      this.propertiesStart++;
      next += 1 + length;
      if (length >= CONTINUED || next > end) return false;
    }
    this.payloadStart = next;
    return true;
  }
}

const NOTHING = Buffer.alloc(0);
/** The first byte of a length that goes on in the next. */
const CONTINUED = 0x80;

/** The readers of PUBLISH, by protocol version. */
export const publishReaders: Record<MqttVersion, PublishReader> = {
  3: new PublishReader(false),
  4: new PublishReader(false),
  5: new PublishReader(true),
};

/** The packet id of an acknowledgement in its short form; 0 where it is to be read otherwise. */
export function readShortAck(chunk: Buffer, start: number, end: number): number {
  const header = chunk[start] as number;
  const isPlain = header === 0x40 || header === 0x50 || header === 0x62 || header === 0x70;
  return isPlain && end - start === 4 && chunk[start + 1] === 2 ? readUInt16(chunk, start + 2) : 0;
}

/** An acknowledgement that says success, or the only thing that MQTT 3 can say. */
export function writeAck(command: keyof typeof ACK_HEADER, packetId: number): Buffer {
  return Buffer.from([ACK_HEADER[command], 2, packetId >> 8, packetId & 0xff]);
}

const ACK_HEADER = { puback: 0x40, pubrec: 0x50, pubrel: 0x62, pubcomp: 0x70 } as const;

/** Where the body of a whole packet begins. */
function bodyStart(bytes: Buffer, start: number): number {
  let at = start + 1;
  while ((bytes[at] as number) >= CONTINUED) at++;
  return at + 1;
}

function readUInt16(bytes: Buffer, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
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
