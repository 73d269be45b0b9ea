const SPACE = 0x20;
const PUBLISH = 0x20;
const LENGTH_BYTES = 3;

/** A publish as it came; the payload is a part of the frame. */
export interface PublishFrame {
  readonly topic: string;
  readonly payload: Buffer;
}

/** Reads `P topic payload`: the first space behind the topic parts them. Null where there is none, or no topic. */
export function readTextPublish(bytes: Buffer): PublishFrame | null {
  const end = bytes.indexOf(SPACE, 2);
  return end <= 2 ? null : { topic: bytes.toString('utf8', 2, end), payload: bytes.subarray(end + 1) };
}

/** Reads a binary frame: 0x20, the length of the topic in 16 bits, topic, payload. Null where it is none. */
export function readBinaryPublish(bytes: Buffer): PublishFrame | null {
  if (bytes.length < LENGTH_BYTES || bytes[0] !== PUBLISH) return null;
  const end = LENGTH_BYTES + bytes.readUInt16BE(1);
  if (end === LENGTH_BYTES || end > bytes.length) return null;
  const topic = bytes.toString('utf8', LENGTH_BYTES, end);
  // What is no UTF-8 would be read as another topic than it was meant to be.
  return Buffer.byteLength(topic) === end - LENGTH_BYTES && !topic.includes('\uFFFD')
    ? { topic, payload: bytes.subarray(end) }
    : null;
}
