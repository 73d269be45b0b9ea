import type { OutputBuffer } from './output-buffer.js';

const BINARY = 0x82;
const CLOSE = 8;
const PING = 9;
const MAX_HEADER_BYTES = 14;
/** Up to here a loop copies faster than a call. */
const SMALL_BYTES = 64;

/** The request that turns HTTP into MQTT over WebSocket. */
export function upgradeRequest({ host, port, path }: { host: string; port: number; path: string }): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: mqtt',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

let lastMask = 0x9e3779b9;

/** Room for a packet of `size` bytes in a masked frame of its own; `closeFrame` belongs to it. */
export function openFrame(output: OutputBuffer, size: number): number {
  const headBytes = size < 126 ? 6 : size < 65_536 ? 8 : 14;
  const at = output.take(headBytes + size);
  const { bytes } = output;
  bytes[at] = BINARY;
  bytes[at + 1] = 0x80 | (headBytes === 6 ? size : headBytes === 8 ? 126 : 127);
  if (headBytes === 8) bytes.writeUInt16BE(size, at + 2);
  if (headBytes === 14) bytes.writeBigUInt64BE(BigInt(size), at + 2);
  return at + headBytes;
}

/** Masks the packet that begins at `at`. */
export function closeFrame({ bytes }: OutputBuffer, at: number, size: number): void {
  lastMask = (Math.imul(lastMask, 1_664_525) + 1_013_904_223) >>> 0;
  const [a, b, c, d] = [lastMask >>> 24, (lastMask >>> 16) & 255, (lastMask >>> 8) & 255, lastMask & 255];
  bytes[at - 4] = a;
  bytes[at - 3] = b;
  bytes[at - 2] = c;
  bytes[at - 1] = d;
  const end = at + size;
  let index = at;
  for (; index + 4 <= end; index += 4) {
    bytes[index]! ^= a;
    bytes[index + 1]! ^= b;
    bytes[index + 2]! ^= c;
    bytes[index + 3]! ^= d;
  }
  if (index < end) bytes[index++]! ^= a;
  if (index < end) bytes[index++]! ^= b;
  if (index < end) bytes[index]! ^= c;
}

/** Takes the frames of a server off the packets inside; keeps what is between two chunks. */
export class FrameStripper {
  private readonly head = new Uint8Array(MAX_HEADER_BYTES);
  private headBytes = 0;
  private opcode = 0;
  private left = 0;

  /** `answer` is given the opcode of control frames that matter: 8 (close) and 9 (ping, without its bytes). */
  constructor(private readonly answer: (opcode: number) => void) {}

  /** Copies the insides of the frames in `from` to the start of `to`, behind `kept` bytes; returns the new length. */
  strip(from: Uint8Array, to: Uint8Array, kept: number): number {
    let end = kept;
    let at = 0;
    while (at < from.length) {
      if (this.left === 0) {
        at = this.readHead(from, at);
        continue;
      }
      const size = Math.min(this.left, from.length - at);
      if (this.opcode < CLOSE) {
        if (size > SMALL_BYTES) to.set(from.subarray(at, at + size), end);
        else for (let index = 0; index < size; index++) to[end + index] = from[at + index]!;
        end += size;
      }
      at += size;
      this.left -= size;
    }
    return end;
  }

  private readHead(from: Uint8Array, start: number): number {
    let at = start;
    const { head } = this;
    while (at < from.length) {
      head[this.headBytes++] = from[at++]!;
      if (this.headBytes < 2) continue;
      const short = head[1]! & 127;
      if (this.headBytes < (short < 126 ? 2 : short === 126 ? 4 : 10)) continue;
      this.opcode = head[0]! & 15;
      this.left =
        short < 126
          ? short
          : short === 126
            ? (head[2]! << 8) | head[3]!
            : Number(new DataView(head.buffer).getBigUint64(2));
      this.headBytes = 0;
      if (this.opcode === CLOSE || this.opcode === PING) this.answer(this.opcode);
      break;
    }
    return at;
  }
}
