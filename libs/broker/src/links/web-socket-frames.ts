/** The kinds of frames [RFC 6455 5.2]; those from `CLOSE` on are control frames. */
export const CONTINUATION = 0;
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

const FIN = 0x80;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;
/** Payloads of up to this length are copied behind their heads: cheaper than more buffers to write. */
const COPY_BYTES = 16 * 1024;
const MAX_CONTROL_BYTES = 125;
/** From here on a payload is unmasked by words. */
const WORDS_FROM_BYTES = 128;

/** Frames of a server, which masks nothing: one for each message. */
export function framed(opcode: number, messages: readonly Buffer[]): Buffer[] {
  let bytes = 0;
  for (const message of messages) bytes += headLength(message.length) + message.length;
  if (bytes > COPY_BYTES * messages.length)
    return messages.flatMap((message) => [head(opcode, message.length), message]);
  const joined = Buffer.allocUnsafe(bytes);
  let at = 0;
  for (const message of messages) {
    at = writeHead(joined, at, { opcode, length: message.length });
    at += message.copy(joined, at);
  }
  return [joined];
}

/** One frame whose payload lies in pieces. */
export function framedTogether(opcode: number, pieces: readonly Buffer[]): Buffer[] {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  if (length > COPY_BYTES) return [head(opcode, length), ...pieces];
  const frame = Buffer.allocUnsafe(headLength(length) + length);
  let at = writeHead(frame, 0, { opcode, length });
  for (const piece of pieces) at += piece.copy(frame, at);
  return [frame];
}

/** A message of text as one frame, in one piece. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(headLength(length) + length);
  frame.write(text, writeHead(frame, 0, { opcode: TEXT, length }));
  return frame;
}

/** A control frame that says nothing more. */
export function emptyFrame(opcode: typeof PING | typeof PONG): Buffer {
  return Buffer.from([FIN | opcode, 0]);
}

/** What a close frame says [RFC 6455 5.5.1]: as much of the reason as it may hold. */
export function closePayload(code: number, reason: string): Buffer {
  const payload = Buffer.alloc(MAX_CONTROL_BYTES);
  payload.writeUInt16BE(code);
  return payload.subarray(0, 2 + new TextEncoder().encodeInto(reason, payload.subarray(2)).written);
}

/** A range of bytes under a mask, whose first byte the lowest eight bits of the mask belong to. */
export interface Masked {
  readonly start: number;
  readonly end: number;
  readonly mask: number;
}

/** Takes the mask off a range [RFC 6455 5.3], which moves to `at`: to where it is, or further to the front. */
export function unmask(bytes: Buffer, { start, end, mask }: Masked, at: number): void {
  if (end - start >= WORDS_FROM_BYTES) {
    if (at !== start) bytes.copyWithin(at, start, end);
    unmaskWords(bytes, { start: at, end: at + end - start, mask });
    return;
  }
  const first = mask & 0xff;
  const second = (mask >>> 8) & 0xff;
  const third = (mask >>> 16) & 0xff;
  const fourth = mask >>> 24;
  let from = start;
  let to = at;
  for (; from + 4 <= end; from += 4, to += 4) {
    bytes[to] = (bytes[from] as number) ^ first;
    bytes[to + 1] = (bytes[from + 1] as number) ^ second;
    bytes[to + 2] = (bytes[from + 2] as number) ^ third;
    bytes[to + 3] = (bytes[from + 3] as number) ^ fourth;
  }
  for (let rest = mask; from < end; from++, to++, rest >>>= 8) bytes[to] = (bytes[from] as number) ^ (rest & 0xff);
}

/** The mask as it is for what follows after so many bytes. */
export function turned(mask: number, bytes: number): number {
  const bits = (bytes & 3) * 8;
  return bits === 0 ? mask : (mask >>> bits) | (mask << (32 - bits));
}

function unmaskWords(bytes: Buffer, { start, end, mask }: Masked): void {
  const ahead = -(bytes.byteOffset + start) & 3;
  const wordsStart = start + ahead;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + wordsStart, (end - wordsStart) >> 2);
  const wordMask = nativeWord(turned(mask, ahead));
  for (let i = 0; i < words.length; i++) words[i] = (words[i] as number) ^ wordMask;
  const wordsEnd = wordsStart + words.length * 4;
  unmask(bytes, { start, end: wordsStart, mask }, start);
  unmask(bytes, { start: wordsEnd, end, mask: turned(mask, ahead) }, wordsEnd);
}

const word = new Int32Array(1);
const wordBytes = new DataView(word.buffer);

/** The word that has these four bytes in memory, whatever the order of this machine. */
function nativeWord(mask: number): number {
  wordBytes.setInt32(0, mask, true);
  return word[0] as number;
}

function head(opcode: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(headLength(length));
  writeHead(bytes, 0, { opcode, length });
  return bytes;
}

/** Bytes of the head of a frame with a payload of this length. */
export function headLength(length: number): number {
  if (length < LENGTH_IN_16_BITS) return 2;
  return length < 0x10000 ? 4 : 10;
}

/** Where the payload begins in a frame of a server. */
export function payloadStart(frame: Buffer): number {
  return frame[1] === LENGTH_IN_16_BITS ? 4 : frame[1] === LENGTH_IN_64_BITS ? 10 : 2;
}

/** Writes the head of a whole message; returns where the payload begins. */
export function writeHead(bytes: Buffer, at: number, { opcode, length }: { opcode: number; length: number }): number {
  bytes[at] = FIN | opcode;
  if (length < LENGTH_IN_16_BITS) {
    bytes[at + 1] = length;
    return at + 2;
  }
  if (length < 0x10000) {
    bytes[at + 1] = LENGTH_IN_16_BITS;
    return bytes.writeUInt16BE(length, at + 2);
  }
  bytes[at + 1] = LENGTH_IN_64_BITS;
  bytes.writeUInt32BE(Math.floor(length / 2 ** 32), at + 2);
  return bytes.writeUInt32BE(length % 2 ** 32, at + 6);
}
