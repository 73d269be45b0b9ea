/** A piece of a packet: a byte, a string with its length in front, or bytes as they are. */
export type PacketPart = number | string | Buffer;

/** A packet that may break any rule: its first byte, its true length, then these pieces. */
export function packetOf(header: number, ...parts: readonly PacketPart[]): Buffer {
  const body = bytesOf(parts);
  return Buffer.concat([Buffer.from([header]), variable(body.length), body]);
}

/** Properties with their length in front; none for a length of 0. */
export function properties(...parts: readonly PacketPart[]): Buffer {
  const body = bytesOf(parts);
  return Buffer.concat([variable(body.length), body]);
}

/** Two bytes: a packet id, a keep-alive, a maximum. */
export function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

/** Four bytes: an interval, a size. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A string of these bytes, whether they are UTF-8 or not; or binary data. */
export function binary(...bytes: readonly number[]): Buffer {
  return Buffer.concat([uint16(bytes.length), Buffer.from(bytes)]);
}

/** The payload of a PUBLISH or a will: text without a length. */
export function raw(text: string): Buffer {
  return Buffer.from(text);
}

/** The packets in what came over a wire, one hex string each. */
export function packetsIn(wire: Buffer): string[] {
  const packets: string[] = [];
  for (let at = 0; at < wire.length;) {
    let body = at + 2;
    let length = (wire[at + 1] as number) & 0x7f;
    for (let scale = 128; (wire[body - 1] as number) >= 0x80; scale *= 128) {
      length += ((wire[body++] as number) & 0x7f) * scale;
    }
    packets.push(wire.subarray(at, body + length).toString('hex'));
    at = body + length;
  }
  return packets;
}

function bytesOf(parts: readonly PacketPart[]): Buffer {
  return Buffer.concat(
    parts.map((part) => {
      if (typeof part === 'number') return Buffer.from([part]);
      return typeof part === 'string' ? Buffer.concat([uint16(Buffer.byteLength(part)), Buffer.from(part)]) : part;
    }),
  );
}

function variable(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left >= 0x80; left = Math.floor(left / 128)) bytes.push((left & 0x7f) | 0x80);
  return Buffer.from([...bytes, left]);
}
