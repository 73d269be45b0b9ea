import { REFERENCE_BYTES } from './pack-frames.js';

const LARGEST_BYTES = 64 * 1024;

/** Where a message stands that came in a chunk; it begins at -1 where it has a buffer of its own. */
export interface PieceOfChunk {
  readonly chunk: Buffer;
  readonly start: number;
  readonly end: number;
}

/**
 * Room for what is written anew of the messages of one chunk, one behind the other, so that they leave as one piece. There
 * is as much of it as the rest of the chunk is likely to take: a piece does not keep much in memory that is not used.
 */
export class Slab {
  /** Where the last room is; what stands there is never written to again. */
  bytes: Buffer = Buffer.alloc(0);
  private shared: Buffer = this.bytes;
  private used = 0;
  private source: Buffer | null = null;

  /** Makes room in `bytes` for what the piece has become; returns where that begins. */
  reserve(length: number, piece: PieceOfChunk): number {
    if (piece.start < 0 || length >= REFERENCE_BYTES) {
      this.bytes = Buffer.allocUnsafe(length);
      return 0;
    }
    if (piece.chunk !== this.source || this.used + length > this.shared.length) this.begin(length, piece);
    // To store a new object in an old one costs more than to compare them.
    if (this.bytes !== this.shared) this.bytes = this.shared;
    const start = this.used;
    this.used += length;
    return start;
  }

  /** As if all that is left of the chunk were such pieces. */
  private begin(length: number, { chunk, start, end }: PieceOfChunk): void {
    const pieces = Math.ceil((chunk.length - start) / (end - start));
    this.shared = Buffer.allocUnsafe(Math.min(pieces * length, LARGEST_BYTES));
    this.used = 0;
    this.source = chunk;
  }
}
