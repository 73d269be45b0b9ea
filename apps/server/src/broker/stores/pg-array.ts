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
    write: (target, value, at) => {
      const high = Math.floor(value / TWO_TO_32);
      target.writeInt32BE(high, at);
      target.writeUInt32BE(value - high * TWO_TO_32, at + 4);
    },
  });
}

/** For `$n::int[]`. */
export function intArray(values: readonly number[]): Buffer {
  return toArray(values, oids.int4, { sizeOf: () => 4, write: (target, value, at) => target.writeInt32BE(value, at) });
}

/** For `$n::smallint[]`. */
export function smallintArray(values: readonly number[]): Buffer {
  return toArray(values, oids.int2, { sizeOf: () => 2, write: (target, value, at) => target.writeInt16BE(value, at) });
}

/** For `$n::boolean[]`. */
export function booleanArray(values: readonly boolean[]): Buffer {
  return toArray(values, oids.bool, {
    sizeOf: () => 1,
    write: (target, value, at) => target.writeUInt8(value ? 1 : 0, at),
  });
}

/** For `$n::bytea[]`. */
export function byteaArray(values: readonly Buffer[]): Buffer {
  return toArray(values, oids.bytea, {
    sizeOf: (value) => value.length,
    write: (target, value, at) => value.copy(target, at),
  });
}

/** For `$n::text[]`. */
export function textArray(values: readonly (string | null)[]): Buffer {
  return toArray(values, oids.text, {
    sizeOf: (value) => Buffer.byteLength(value),
    write: (target, value, at) => target.write(value, at),
  });
}

interface ElementCodec<T> {
  readonly sizeOf: (value: T) => number;
  readonly write: (target: Buffer, value: T, at: number) => void;
}

function toArray<T>(values: readonly (T | null)[], oid: number, { sizeOf, write }: ElementCodec<T>): Buffer {
  const sizes = values.map((value) => (value === null ? NULL_LENGTH : sizeOf(value)));
  let size = HEADER_BYTES + values.length * LENGTH_BYTES;
  for (const each of sizes) if (each > 0) size += each;
  const target = Buffer.allocUnsafe(size);
  writeHeader(target, oid, { count: values.length, hasNull: sizes.includes(NULL_LENGTH) });
  let at = HEADER_BYTES;
  values.forEach((value, index) => {
    const length = sizes[index] ?? NULL_LENGTH;
    at = target.writeInt32BE(length, at);
    if (value === null) return;
    write(target, value, at);
    at += length;
  });
  return target;
}

function writeHeader(target: Buffer, oid: number, { count, hasNull }: { count: number; hasNull: boolean }): void {
  target.writeInt32BE(1, 0); // dimensions
  target.writeInt32BE(hasNull ? 1 : 0, 4);
  target.writeInt32BE(oid, 8);
  target.writeInt32BE(count, 12);
  target.writeInt32BE(1, 16); // the first index
}
