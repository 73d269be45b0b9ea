import type { Random } from '../torture/random.js';

const TEXT = 1;
const BINARY = 2;
const PING = 9;

interface FrameHead {
  readonly opcode: number;
  readonly fin?: boolean;
  readonly rsv?: number;
  readonly isMasked?: boolean;
  /** How the length is written: as short as it can be, or longer than needed. */
  readonly lengthForm?: 7 | 16 | 64;
  /** The length that is written, where it is a lie. */
  readonly says?: bigint;
}

/** The bytes as WebSocket messages, as any client may cut them: several, fragments, control frames in between. */
export function wrapped(random: Random, bytes: Buffer, kind: 'text' | 'binary' = 'binary'): Buffer {
  const opcode = kind === 'text' ? TEXT : BINARY;
  if (kind === 'binary' && random.chance(0.2) && bytes.length > 1) {
    const at = random.between(1, bytes.length - 1);
    return Buffer.concat([wrapped(random, bytes.subarray(0, at)), wrapped(random, bytes.subarray(at))]);
  }
  if (!random.chance(0.15)) return frame(random, bytes, { opcode });
  const parts: Buffer[] = [];
  let at = 0;
  for (let i = random.between(1, 3); i > 0; i--) {
    const length = random.between(0, Math.max(0, bytes.length - at));
    parts.push(frame(random, bytes.subarray(at, at + length), { opcode: parts.length === 0 ? opcode : 0, fin: false }));
    at += length;
    if (random.chance(0.3)) parts.push(frame(random, Buffer.from('still there?'), { opcode: PING }));
  }
  return Buffer.concat([...parts, frame(random, bytes.subarray(at), { opcode: 0 })]);
}

/** A frame that no WebSocket library sends, or that nobody expects. */
export function oddFrame(random: Random): Buffer {
  const some = Buffer.alloc(random.pick([0, 1, 10, 125, 126, 5000]), random.between(0, 255));
  switch (random.between(0, 9)) {
    case 0:
      return frame(random, some, { opcode: TEXT });
    case 1:
      return frame(random, some, { opcode: BINARY, isMasked: false });
    case 2:
      return frame(random, some, { opcode: BINARY, rsv: random.between(1, 7) });
    case 3:
      return frame(random, some, { opcode: random.pick([3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) });
    case 4:
      return frame(random, some, { opcode: random.pick([PING, 10]), fin: random.chance(0.5) });
    case 5:
      return frame(random, some, { opcode: 0 });
    case 6:
      return frame(
        random,
        Buffer.concat([Buffer.from([random.between(0, 255), random.between(0, 255)]), some.subarray(0, 100)]),
        { opcode: 8 },
      );
    case 7:
      return frame(random, some, { opcode: BINARY, lengthForm: random.pick([16, 64] as const) });
    case 8:
      return frame(random, some, {
        opcode: BINARY,
        lengthForm: 64,
        says: random.pick([-1n, 2n ** 32n, 2n ** 53n, 300_000_000n]),
      });
    default:
      return Buffer.from(Array.from({ length: random.between(1, 20) }, () => random.between(0, 255)));
  }
}

/** A WebSocket frame as a client sends it [RFC 6455 5.2]. */
function frame(
  random: Random,
  payload: Buffer,
  { opcode, fin = true, rsv = 0, isMasked = true, lengthForm, says }: FrameHead,
): Buffer {
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  const form = lengthForm ?? (payload.length < 126 ? 7 : payload.length < 65_536 ? 16 : 64);
  const length = Buffer.alloc(form === 7 ? 1 : form === 16 ? 3 : 9);
  length[0] = (isMasked ? 0x80 : 0) | (form === 7 ? payload.length : form === 16 ? 126 : 127);
  if (form === 16) length.writeUInt16BE(payload.length & 0xffff, 1);
  if (form === 64) length.writeBigUInt64BE(BigInt.asUintN(64, says ?? BigInt(payload.length)), 1);
  const mask = Buffer.from([
    random.between(0, 255),
    random.between(0, 255),
    random.between(0, 255),
    random.between(0, 255),
  ]);
  if (!isMasked) return Buffer.concat([Buffer.from([first]), length, payload]);
  const masked = payload.map((byte, i) => byte ^ (mask[i % 4] as number));
  return Buffer.concat([Buffer.from([first]), length, mask, masked]);
}

/** What a client says before it speaks WebSocket. */
export function handshake(path: string, protocol: string): string {
  const lines = [`GET ${path} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: Upgrade', 'Upgrade: websocket'];
  const keys = [
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `Sec-WebSocket-Protocol: ${protocol}`,
  ];
  return [...lines, ...keys, '', ''].join('\r\n');
}
