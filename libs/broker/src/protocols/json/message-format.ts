import { isUtf8 } from 'node:buffer';
import type { WireMessage } from '@perch/wire';
import { Frame, RETAIN_SHAPE, type SharedFrames, type WireFormat } from '../../frame.js';
import { headLength, payloadStart, TEXT, textFrame, writeHead } from '../../links/web-socket-frames.js';
import type { Message } from '../../message.js';
import type { Outgoing, Packer } from '../../outgoing.js';

const HEAD = '{"type":"messages","messages":[';
const TAIL = ']}';
const HEAD_BYTES = Buffer.from(HEAD);
const TAIL_BYTES = Buffer.from(TAIL);
const COMMA = 0x2c;
/** A messages frame is closed when it is this long. */
const BATCH_BYTES = 256 * 1024;

/**
 * A delivery as perch.json writes it, the WebSocket frame around it included: a complete `messages` frame of one, so that one
 * alone is sent as it is.
 */
export const jsonFormat = {
  index: 2,
  maximumQos: 0,
  encode({ message }: SharedFrames, shape: number): Frame {
    const frame = new Frame(textFrame(HEAD + JSON.stringify(wireMessage(message, shape)) + TAIL), 0, true);
    frame.topic = message.topic;
    return frame;
  },
} as const satisfies WireFormat;

/** Joins deliveries that follow one another into one `messages` frame; each buffer is one frame of text. */
export function packJson(first: Outgoing): Buffer[] {
  return first.next === null ? [first.frame.bytes] : packBatches(first, joinAsTheyAre);
}

/** Does the same, and tells of each batch: `head` says what the frame begins with beside its messages, as JSON fields. */
export function packJsonWith(head: (deliveries: readonly Frame[]) => string): Packer {
  const join: Join = (frames, start, end) => {
    const deliveries = frames.slice(start, end);
    return joinMessages(deliveries, Buffer.from(`{"type":"messages",${head(deliveries)},"messages":[`));
  };
  return (first) => packBatches(first, join);
}

/** One frame of the deliveries from `start` to `end`. */
type Join = (frames: readonly Frame[], start: number, end: number) => Buffer;

/** One alone is a whole frame already, shared by all its receivers. */
const joinAsTheyAre: Join = (frames, start, end) => {
  return end - start === 1 ? (frames[start] as Frame).bytes : joinMessages(frames.slice(start, end), HEAD_BYTES);
};

function packBatches(first: Outgoing, join: Join): Buffer[] {
  const frames = framesOf(first);
  const packed: Buffer[] = [];
  let start = 0;
  while (start < frames.length) {
    const frame = frames[start] as Frame;
    const end = endOfBatch(frames, start);
    packed.push(isDelivery(frame) ? join(frames, start, end) : frame.bytes);
    start = end;
  }
  return packed;
}

function framesOf(first: Outgoing): Frame[] {
  const frames: Frame[] = [];
  for (let outgoing: Outgoing | null = first; outgoing !== null; outgoing = outgoing.next) frames.push(outgoing.frame);
  return frames;
}

function wireMessage(message: Message, shape: number): WireMessage {
  const { topic, payload } = message;
  const isText = isUtf8(payload);
  return {
    topic,
    payload: payload.toString(isText ? 'utf8' : 'base64'),
    encoding: isText ? undefined : 'base64',
    retain: (shape & RETAIN_SHAPE) !== 0 ? true : undefined,
  };
}

/** Answers stand alone; deliveries go on until one that is an answer or the batch is long enough. */
function endOfBatch(frames: readonly Frame[], start: number): number {
  let bytes = 0;
  let end = start;
  while (end < frames.length && bytes < BATCH_BYTES && isDelivery(frames[end] as Frame)) {
    bytes += (frames[end] as Frame).bytes.length;
    end++;
  }
  return Math.max(end, start + 1);
}

/** Every delivery has QoS 0 here, and nothing else may be lost. */
function isDelivery(frame: Frame): boolean {
  return frame.isDroppable;
}

function joinMessages(frames: readonly Frame[], head: Buffer): Buffer {
  const messages = frames.map(({ bytes }) =>
    bytes.subarray(payloadStart(bytes) + HEAD_BYTES.length, bytes.length - TAIL_BYTES.length),
  );
  // One comma behind each message, but for the last.
  const length = messages.reduce((sum, message) => sum + message.length + 1, head.length + TAIL_BYTES.length - 1);
  const joined = Buffer.allocUnsafe(headLength(length) + length);
  let at = writeHead(joined, 0, { opcode: TEXT, length });
  at += head.copy(joined, at);
  for (const [index, message] of messages.entries()) {
    if (index > 0) joined[at++] = COMMA;
    at += message.copy(joined, at);
  }
  TAIL_BYTES.copy(joined, at);
  return joined;
}
