/** A piece of a packet, apart from its lengths: those are worked out when it is written, or lied about. */
export type Field =
  | { readonly kind: 'raw'; readonly bytes: Buffer }
  /** Two bytes of length and as many bytes. `lie` is added to the length. */
  | { readonly kind: 'text'; readonly bytes: Buffer; readonly lie?: number }
  /** A property list. `lie` is added to its length, `spare` bytes make the length longer than it needs to be. */
  | { readonly kind: 'list'; readonly items: readonly Field[]; readonly lie?: number; readonly spare?: number }
  /** A property: its identifier and its value. */
  | { readonly kind: 'property'; readonly id: number; readonly values: readonly Field[] };

/** A packet before it is bytes. */
export interface PacketTree {
  /** Type and flags. */
  readonly header: number;
  readonly fields: readonly Field[];
  readonly lie?: number;
  readonly spare?: number;
}

export function raw(...bytes: number[]): Field {
  return { kind: 'raw', bytes: Buffer.from(bytes) };
}

export function uint16(value: number): Field {
  return raw((value >> 8) & 0xff, value & 0xff);
}

export function uint32(value: number): Field {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return { kind: 'raw', bytes };
}

export function payload(bytes: Buffer): Field {
  return { kind: 'raw', bytes };
}

export function text(value: string | Buffer): Field {
  return { kind: 'text', bytes: Buffer.from(value) };
}

export function property(id: number, ...values: Field[]): Field {
  return { kind: 'property', id, values };
}

/** The bytes of a packet. */
export function bytesOf({ header, fields, lie, spare }: PacketTree): Buffer {
  const body = Buffer.concat(fields.map(fieldBytes));
  return Buffer.concat([Buffer.from([header & 0xff]), varint(body.length + (lie ?? 0), spare), body]);
}

function fieldBytes(field: Field): Buffer {
  switch (field.kind) {
    case 'raw':
      return field.bytes;
    case 'text': {
      const length = Math.max(0, Math.min(0xffff, field.bytes.length + (field.lie ?? 0)));
      return Buffer.concat([Buffer.from([length >> 8, length & 0xff]), field.bytes]);
    }
    case 'property':
      return Buffer.concat([varint(field.id), ...field.values.map(fieldBytes)]);
    case 'list': {
      const items = Buffer.concat(field.items.map(fieldBytes));
      return Buffer.concat([varint(items.length + (field.lie ?? 0), field.spare), items]);
    }
  }
}

/** A variable byte integer [MQTT5 1.5.5]; with spare bytes it says the same, longer than allowed. */
export function varint(value: number, spare = 0): Buffer {
  const bytes: number[] = [];
  let left = Math.max(0, value);
  do {
    bytes.push((left & 0x7f) | 0x80);
    left = Math.floor(left / 128);
  } while (left > 0);
  for (let i = 0; i < spare; i++) bytes.push(0x80);
  bytes.push((bytes.pop() as number) & 0x7f);
  return Buffer.from(bytes);
}
