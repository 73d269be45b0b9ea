import { describe, expect, test } from 'vitest';
import { REFERENCE_BYTES } from './pack-frames.js';
import { Slab } from './slab.js';

const CHUNK = Buffer.alloc(1000);

/** The pieces of a chunk, of ten bytes each. */
const piece = (index: number, chunk = CHUNK) => ({ chunk, start: index * 10, end: index * 10 + 10 });

/** Where the slab made room for a piece that has become so long. */
function roomFor(slab: Slab, length: number, where: Parameters<Slab['reserve']>[1]) {
  const start = slab.reserve(length, where);
  return { bytes: slab.bytes, start };
}

describe('a slab', () => {
  test('has room for all that is left of a chunk, piece behind piece, and no more', () => {
    const slab = new Slab();
    const rooms = Array.from({ length: 60 }, (_, i) => roomFor(slab, 15, piece(40 + i)));
    expect(new Set(rooms.map(({ bytes }) => bytes)).size).toBe(1);
    expect(rooms.map(({ start }) => start)).toEqual(rooms.map((_, i) => i * 15));
    expect(rooms[0]!.bytes).toHaveLength(60 * 15);
  });

  test('is another where pieces become longer than the first, and for another chunk', () => {
    const slab = new Slab();
    const first = roomFor(slab, 10, piece(98));
    expect(first.bytes).toHaveLength(20);
    const second = roomFor(slab, 11, piece(99));
    expect(second).toMatchObject({ start: 0 });
    expect(second.bytes).not.toBe(first.bytes);
    expect(second.bytes).toHaveLength(11);
    const other = roomFor(slab, 10, piece(99, Buffer.alloc(1000)));
    expect(other).toMatchObject({ start: 0 });
    expect(other.bytes).not.toBe(second.bytes);
  });

  test('is never larger than 64 KiB, however much a chunk grows', () => {
    const slab = new Slab();
    const rooms = Array.from({ length: 100 }, (_, i) => roomFor(slab, 4000, piece(i)));
    const slabs = [...new Set(rooms.map(({ bytes }) => bytes))];
    expect(slabs.map(({ length }) => length).every((length) => length <= 64 * 1024)).toBe(true);
    expect(slabs).toHaveLength(7);
  });

  test('is not for what is alone, large, or no longer in its chunk: that has a buffer of its length', () => {
    const slab = new Slab();
    roomFor(slab, 10, piece(0));
    for (const [length, where] of [
      [30, { chunk: Buffer.alloc(25), start: 0, end: 25 }],
      [30, { ...piece(1), start: -1 }],
      [REFERENCE_BYTES, piece(1)],
    ] as const) {
      const { bytes, start } = roomFor(slab, length, where);
      expect([bytes.length, start]).toEqual([length, 0]);
    }
  });
});
