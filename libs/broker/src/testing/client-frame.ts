/** A WebSocket frame as a client may send it, or should not. */
export interface ClientFrame {
  readonly opcode: number;
  readonly payload?: Buffer | string;
  readonly isFinal?: boolean;
  /** The reserved bits, as a number up to 7. */
  readonly reserved?: number;
  readonly isMasked?: boolean;
  /** Four bytes. */
  readonly mask?: Uint8Array;
  /** In how many bits the length is written, where that is not as few as can be. */
  readonly lengthBits?: 7 | 16 | 64;
}

const MASK = Buffer.from('37fa213d', 'hex');

/** The bytes of a frame [RFC 6455 5.2]. */
export function clientFrame({ opcode, isFinal = true, reserved = 0, ...frame }: ClientFrame): Buffer {
  const { payload = '', isMasked = true, mask = MASK } = frame;
  const bytes = Buffer.from(payload);
  const bits = Math.max(frame.lengthBits ?? 7, bytes.length < 126 ? 7 : bytes.length < 65_536 ? 16 : 64);
  const length = Buffer.alloc(bits === 7 ? 1 : bits === 16 ? 3 : 9);
  length[0] = (isMasked ? 0x80 : 0) | (bits === 7 ? bytes.length : bits === 16 ? 126 : 127);
  if (bits === 16) length.writeUInt16BE(bytes.length, 1);
  if (bits === 64) length.writeBigUInt64BE(BigInt(bytes.length), 1);
  const head = Buffer.concat([Buffer.from([(isFinal ? 0x80 : 0) | (reserved << 4) | opcode]), length]);
  if (!isMasked) return Buffer.concat([head, bytes]);
  return Buffer.concat([head, mask, bytes.map((byte, i) => byte ^ (mask[i % 4] as number))]);
}
