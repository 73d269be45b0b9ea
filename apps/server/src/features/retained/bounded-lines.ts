/** A line of a stream, without its end; null where it is longer than it may be. */
export interface BoundedLine {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string | null;
}

const NEWLINE = 0x0a;

/** The lines of a stream as they come, empty ones left out. Holds one line at most, and of a longer one nothing. */
export async function* boundedLines(stream: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<BoundedLine> {
  let number = 1;
  let parts: Buffer[] = [];
  let bytes = 0;
  const take = (part: Buffer) => {
    bytes += part.length;
    if (bytes > maxBytes) parts = [];
    else parts.push(part);
  };
  const finish = (): BoundedLine => {
    const text = bytes > maxBytes ? null : Buffer.concat(parts).toString('utf8').trim();
    [parts, bytes] = [[], 0];
    return { number: number++, text };
  };
  for await (const chunk of stream) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      take(chunk.subarray(from, end));
      from = end + 1;
      const line = finish();
      if (line.text !== '') yield line;
    }
    take(chunk.subarray(from));
  }
  const last = finish();
  if (last.text !== '') yield last;
}
