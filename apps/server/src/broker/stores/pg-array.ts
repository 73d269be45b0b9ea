/**
 * Arrays in Postgres' binary format, as one parameter per column. node-postgres would write them as text, escaped
 * twice, and Postgres would read that text again: for thousands of rows this is most of the cost of a batch.
 */

const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;
const TWO_TO_32 = 0x1_0000_0000;

/** Element types, as pg_type numbers them. */
const oids = { bool: 16, bytea: 17, int8: 20, int2: 21, int4: 23, text: 25 } as const;

/** For `$n::bigint[]`: integers as large as a number can be. */
export function bigintArray(values: readonly (number | null)[]): Buffer {
  return toArray(values, oids.int8, {
    sizeOf: () => 8,
    write: ({ bytes, view }, value, at) => {
      const high = Math.floor(value / TWO_TO_32);
      bytes.writeInt32BE(high, at);
      view.setUint32(at + 4, value - high * TWO_TO_32);
    },
  });
}

/** For `$n::int[]`. */
export function intArray(values: readonly number[]): Buffer {
  return toArray(values, oids.int4, {
    sizeOf: () => 4,
    write: ({ bytes }, value, at) => bytes.writeInt32BE(value, at),
  });
}

/** For `$n::smallint[]`. */
export function smallintArray(values: readonly number[]): Buffer {
  return toArray(values, oids.int2, {
    sizeOf: () => 2,
    write: ({ bytes }, value, at) => bytes.writeInt16BE(value, at),
  });
}

/** For `$n::boolean[]`. */
export function booleanArray(values: readonly boolean[]): Buffer {
  return toArray(values, oids.bool, {
    sizeOf: () => 1,
    write: ({ view }, value, at) => view.setUint8(at, value ? 1 : 0),
  });
}

/** For `$n::bytea[]`. */
export function byteaArray(values: readonly Buffer[]): Buffer {
  return toArray(values, oids.bytea, {
    sizeOf: (value) => value.length,
    write: ({ bytes }, value, at) => value.copy(bytes, at),
  });
}

/** For `$n::text[]`. */
export function textArray(values: readonly (string | null)[]): Buffer {
  // Most columns say in one row what they say in the next: that is measured once.
  let measured = '';
  let size = 0;
  return toArray(values, oids.text, {
    sizeOf: (value) => {
      if (value !== measured) size = Buffer.byteLength((measured = value));
      return size;
    },
    write: ({ bytes }, value, at) => bytes.write(value, at),
  });
}

/** The same bytes twice: a buffer refuses numbers that do not fit, a view is several times as fast. */
interface Target {
  readonly bytes: Buffer;
  readonly view: DataView;
}

interface ElementCodec<T> {
  readonly sizeOf: (value: T) => number;
  readonly write: (target: Target, value: T, at: number) => void;
}

function toArray<T>(values: readonly (T | null)[], oid: number, { sizeOf, write }: ElementCodec<T>): Buffer {
  const sizes = new Int32Array(values.length);
  let size = HEADER_BYTES + values.length * LENGTH_BYTES;
  let nulls = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? null;
    sizes[i] = value === null ? NULL_LENGTH : sizeOf(value);
    if (value === null) nulls++;
    else size += sizes[i] as number;
  }
  const target = newTarget(size);
  writeHeader(target, oid, { count: values.length, hasNull: nulls > 0 });
  let at = HEADER_BYTES;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? null;
    target.view.setInt32(at, sizes[i] as number);
    at += LENGTH_BYTES;
    if (value === null) continue;
    write(target, value, at);
    at += sizes[i] as number;
  }
  return target.bytes;
}

function newTarget(size: number): Target {
  const bytes = Buffer.allocUnsafe(size);
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, size) };
}

function writeHeader({ view }: Target, oid: number, { count, hasNull }: { count: number; hasNull: boolean }): void {
  view.setInt32(0, 1); // dimensions
  view.setInt32(4, hasNull ? 1 : 0);
  view.setInt32(8, oid);
  view.setInt32(12, count);
  view.setInt32(16, 1); // the first index
}
