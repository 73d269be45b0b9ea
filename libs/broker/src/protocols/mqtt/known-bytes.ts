const WORD_BYTES = 4;

// What is looked at next is mostly in the same chunk.
let lastChunk: Buffer | null = null;
let lastView: DataView = new DataView(new ArrayBuffer(0));

/** Bytes that are expected to come again, compared four at a time. */
export class KnownBytes {
  private readonly view: DataView;

  constructor(bytes: Buffer) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** The chunk has the same bytes there; it has to go on for so long. */
  isAt(chunk: Buffer, start: number): boolean {
    const { view } = this;
    const there = viewOf(chunk);
    let end = view.byteLength;
    for (; end >= WORD_BYTES; end -= WORD_BYTES) {
      if (view.getInt32(end - WORD_BYTES) !== there.getInt32(start + end - WORD_BYTES)) return false;
    }
    for (; end > 0; end--) if (view.getUint8(end - 1) !== there.getUint8(start + end - 1)) return false;
    return true;
  }
}

function viewOf(chunk: Buffer): DataView {
  if (chunk !== lastChunk) {
    lastChunk = chunk;
    lastView = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
  }
  return lastView;
}
