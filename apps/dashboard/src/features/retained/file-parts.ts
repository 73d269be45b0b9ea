const NEWLINE = 0x0a;
const PART_BYTES = 1024 * 1024;
const LOOK_BYTES = 64 * 1024;

/** A piece of a file of lines that can be imported by itself. */
export interface FilePart {
  readonly content: Blob;
  /** How many lines of the file stand before it. */
  readonly linesBefore: number;
  /** Where in the file it ends, in bytes. */
  readonly end: number;
}

/** Cuts a file between its lines; never holds more than one piece. */
export async function* partsOf(file: Blob, partBytes = PART_BYTES): AsyncGenerator<FilePart> {
  let linesBefore = 0;
  for (let from = 0; from < file.size;) {
    const end = await lineEnd(file, Math.min(from + partBytes, file.size));
    const content = file.slice(from, end);
    yield { content, linesBefore, end };
    linesBefore += newlinesIn(new Uint8Array(await content.arrayBuffer()));
    from = end;
  }
}

/** Where the line ends in which the byte before `at` stands. */
async function lineEnd(file: Blob, at: number): Promise<number> {
  for (let from = at - 1; from < file.size; from += LOOK_BYTES) {
    const bytes = new Uint8Array(await file.slice(from, from + LOOK_BYTES).arrayBuffer());
    const newline = bytes.indexOf(NEWLINE);
    if (newline >= 0) return from + newline + 1;
  }
  return file.size;
}

function newlinesIn(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === NEWLINE) count += 1;
  return count;
}
