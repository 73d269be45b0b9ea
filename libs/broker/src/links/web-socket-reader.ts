import { isUtf8 } from 'node:buffer';
import type { Refusal } from '../refusal.js';
import { BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, turned, unmask } from './web-socket-frames.js';

/** What ends a WebSocket: a code of RFC 6455 7.4.1 with a reason for the peer, and what it counts as. */
export interface FrameFault {
  readonly code: number;
  readonly reason: string;
  readonly refusal: Refusal;
}

/** Is told what a reader finds. The bytes are pieces of the chunk that is read, and good until the call returns. */
export interface FrameTaker {
  /** A whole message; where binary is a stream, all of it that lies together. False: no more messages now. */
  data(bytes: Buffer, isText: boolean): boolean;
  ping(payload: Buffer): void;
  /** The peer closes, and nothing after it is read. The payload is empty, or a code and a reason. */
  close(payload: Buffer): void;
  /** The peer broke a rule, and nothing more is read. */
  fault(fault: FrameFault): void;
}

/**
 * What comes in which frames: text, message by message; binary frames, as one stream; or messages of both kinds, each by
 * itself.
 */
export type FrameType = 'binary' | 'text' | 'messages';

/** What a reader is made with. */
export interface ReaderOptions {
  readonly frames: FrameType;
  /** The longest message, over all its fragments. */
  readonly maxMessageBytes: number;
}

const MAX_CONTROL_BYTES = 125;
const MAX_HEAD_BYTES = 14;
const MASK_BYTES = 4;

const brokenRule = (reason: string): FrameFault => ({ code: 1002, reason, refusal: 'malformed-packet' });
const NOT_CLIENT = brokenRule('Frames of clients are masked, and no extension was agreed on.');
const BAD_OPCODE = brokenRule('That is no kind of frame.');
const BAD_CONTROL = brokenRule('Control frames are short and whole.');
const BAD_ORDER = brokenRule('Messages follow one another.');
const BAD_CLOSE = brokenRule('That is no code to close with.');
const NOT_UTF8: FrameFault = { code: 1007, reason: 'Text is UTF-8.', refusal: 'invalid-utf8' };
const TOO_LARGE: FrameFault = { code: 1009, reason: 'The message is too large.', refusal: 'packet-too-large' };
/** [MQTT-6.0.0-1] MQTT comes in binary frames only; our JSON in text frames only */
const WANTS_TEXT: FrameFault = { code: 1003, reason: 'send text frames', refusal: 'protocol-error' };
const WANTS_BINARY: FrameFault = { code: 1003, reason: 'send binary frames', refusal: 'protocol-error' };
const UNWANTED = {
  text: { opcode: BINARY, fault: WANTS_TEXT },
  binary: { opcode: TEXT, fault: WANTS_BINARY },
  messages: null,
} as const;

/**
 * Reads the frames of a client [RFC 6455 5] in the chunks of its socket. Masks are removed in place, and binary payloads
 * are moved together, so that all of a chunk is handed over at once. What comes in pieces and must be whole grows in a
 * buffer of at most twice what has arrived; nothing is reserved for bytes that are only announced.
 */
export class WebSocketReader {
  /** What there is to tell when what came before it was handed over; nothing is read any more. */
  private ending: FrameFault | Buffer | null = null;
  /** Of the frame whose payload is being read. */
  private isInside = false;
  private opcode = 0;
  private isFinal = false;
  private mask = 0;
  private leftBytes = 0;
  /** A message has begun that has not ended, and so much of it was announced. */
  private isFragmented = false;
  private messageBytes = 0;
  /** The piece of the chunk that is to be handed over. */
  private runStart = 0;
  private runEnd = 0;
  /** A head, a control frame, a message that are not whole. */
  private partHead: Buffer | null = null;
  private partControl: Buffer | null = null;
  private partMessage: Buffer | null = null;
  private partMessageBytes = 0;
  /** The message that is being read is text. */
  private isText = false;
  private readonly isStream: boolean;
  /** What may not come, or null. */
  private readonly unwanted: { readonly opcode: number; readonly fault: FrameFault } | null;
  private readonly maxMessageBytes: number;

  constructor(
    { frames, maxMessageBytes }: ReaderOptions,
    private readonly taker: FrameTaker,
  ) {
    this.isStream = frames === 'binary';
    this.unwanted = UNWANTED[frames];
    this.maxMessageBytes = maxMessageBytes;
  }

  /** Reads on, and writes into the chunk. How much of it was read: all, but where the taker wanted no more messages. */
  read(chunk: Buffer): number {
    if (this.ending) return chunk.length;
    let at = 0;
    let goesOn = true;
    while (goesOn) {
      if (!this.isInside) at = this.readHead(chunk, at);
      if (!this.isInside) break;
      const start = at;
      at = Math.min(chunk.length, start + this.leftBytes);
      goesOn = this.readPayload(chunk, start, at);
    }
    this.handOver(chunk);
    if (!this.ending) return at;
    this.finish(this.ending);
    return chunk.length;
  }

  /** Returns where the payload begins, or how far the chunk was read when the head is not whole. */
  private readHead(chunk: Buffer, at: number): number {
    if (at === chunk.length) return at;
    if (this.partHead) return this.completeHead(this.partHead, chunk, at);
    const length = this.enter(chunk, at);
    if (length > 0) return at + length;
    this.partHead = Buffer.from(chunk.subarray(at, at + MAX_HEAD_BYTES));
    return chunk.length;
  }

  private completeHead(part: Buffer, chunk: Buffer, at: number): number {
    const head = Buffer.concat([part, chunk.subarray(at, at + MAX_HEAD_BYTES - part.length)]);
    const length = this.enter(head, 0);
    this.partHead = length > 0 ? null : head;
    return at + (length || head.length) - part.length;
  }

  /** Enters the frame that begins there. The length of its head, or 0 when that is not whole or wrong. */
  private enter(bytes: Buffer, at: number): number {
    if (bytes.length - at < 2) return 0;
    const first = bytes[at] as number;
    const second = bytes[at + 1] as number;
    this.ending = this.faultIn(first, second);
    const shortLength = second & 0x7f;
    const length = 2 + MASK_BYTES + (shortLength < 126 ? 0 : shortLength === 126 ? 2 : 8);
    if (this.ending || at + length > bytes.length) return 0;
    this.leftBytes = shortLength < 126 ? shortLength : longLength(bytes, at + 2, shortLength);
    this.opcode = first & 0x0f;
    this.isFinal = first >= 0x80;
    this.mask = bytes.readInt32LE(at + length - MASK_BYTES);
    if (this.opcode < CLOSE && !this.beginData()) return 0;
    this.isInside = true;
    return length;
  }

  private faultIn(first: number, second: number): FrameFault | null {
    const opcode = first & 0x0f;
    if ((first & 0x70) !== 0 || second < 0x80) return NOT_CLIENT;
    if (opcode >= CLOSE) {
      if (opcode > PONG) return BAD_OPCODE;
      return first < 0x80 || (second & 0x7f) > MAX_CONTROL_BYTES ? BAD_CONTROL : null;
    }
    if (opcode > BINARY) return BAD_OPCODE;
    if ((opcode === CONTINUATION) !== this.isFragmented) return BAD_ORDER;
    return opcode === this.unwanted?.opcode ? this.unwanted.fault : null;
  }

  private beginData(): boolean {
    this.messageBytes = this.leftBytes + (this.opcode === CONTINUATION ? this.messageBytes : 0);
    this.isFragmented = !this.isFinal;
    if (this.opcode !== CONTINUATION) this.isText = this.opcode === TEXT;
    if (this.messageBytes > this.maxMessageBytes) this.ending = TOO_LARGE;
    return this.ending === null;
  }

  /** False when the taker wants no more messages, or when there is nothing more to read. */
  private readPayload(chunk: Buffer, start: number, end: number): boolean {
    const { mask } = this;
    this.leftBytes -= end - start;
    this.isInside = this.leftBytes > 0;
    if (this.isInside) this.mask = turned(mask, end - start);
    if (this.opcode < CLOSE && this.isStream) {
      if (this.runEnd === this.runStart) this.runStart = this.runEnd = start;
      unmask(chunk, { start, end, mask }, this.runEnd);
      this.runEnd += end - start;
      return !this.isInside;
    }
    unmask(chunk, { start, end, mask }, start);
    const bytes = chunk.subarray(start, end);
    const goesOn = this.opcode < CLOSE ? this.takePiece(bytes) : this.takeControl(bytes);
    return goesOn && !this.isInside;
  }

  private handOver(chunk: Buffer): void {
    const { runStart, runEnd } = this;
    if (runStart === runEnd) return;
    this.runStart = this.runEnd = 0;
    this.taker.data(chunk.subarray(runStart, runEnd), false);
  }

  private finish(ending: FrameFault | Buffer): void {
    if ('refusal' in ending) this.taker.fault(ending);
    else this.taker.close(ending);
  }

  private takePiece(bytes: Buffer): boolean {
    const isWhole = this.isFinal && !this.isInside;
    if (isWhole && !this.partMessage) return this.takeMessage(bytes);
    const message = this.append(bytes);
    if (!isWhole) return true;
    this.partMessage = null;
    this.partMessageBytes = 0;
    return this.takeMessage(message);
  }

  private takeMessage(bytes: Buffer): boolean {
    if (!this.isText || isUtf8(bytes)) return this.taker.data(bytes, this.isText);
    this.ending = NOT_UTF8;
    return false;
  }

  /** Returns all that is there of the message. */
  private append(bytes: Buffer): Buffer {
    const length = this.partMessageBytes + bytes.length;
    if (!this.partMessage || length > this.partMessage.length) {
      const grown = Buffer.allocUnsafe(length * 2);
      this.partMessage?.copy(grown, 0, 0, this.partMessageBytes);
      this.partMessage = grown;
    }
    bytes.copy(this.partMessage, this.partMessageBytes);
    this.partMessageBytes = length;
    return this.partMessage.subarray(0, length);
  }

  private takeControl(bytes: Buffer): boolean {
    const payload = this.partControl ? Buffer.concat([this.partControl, bytes]) : bytes;
    this.partControl = this.isInside ? Buffer.from(payload) : null;
    if (this.isInside) return false;
    if (this.opcode === PING) this.taker.ping(payload);
    if (this.opcode === CLOSE) this.ending = faultInClose(payload) ?? payload;
    return this.ending === null;
  }
}

function longLength(bytes: Buffer, at: number, shortLength: number): number {
  if (shortLength === 126) return bytes.readUInt16BE(at);
  return bytes.readUInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}

/** [RFC 6455 5.5.1, 7.4] nothing, or a code that may be sent and a reason in UTF-8. */
function faultInClose(payload: Buffer): FrameFault | null {
  if (payload.length === 0) return null;
  if (payload.length === 1 || !maySend(payload.readUInt16BE(0))) return BAD_CLOSE;
  return isUtf8(payload.subarray(2)) ? null : NOT_UTF8;
}

/** The codes of the protocol but those that only stand for what was not sent, and those of libraries and applications. */
function maySend(code: number): boolean {
  if (code >= 3000) return code < 5000;
  return code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
}
