import { createReadStream } from 'node:fs';

const QUOTE = 0x22;
const LINE_FEED = 0x0a;

/** Where the last whole row of a file of CSV ends, in bytes: a line feed within quotes ends none. */
export async function endOfRows(path: string): Promise<number> {
  let end = 0;
  let at = 0;
  let isQuoted = false;
  for await (const chunk of createReadStream(path)) {
    for (const byte of chunk as Buffer) {
      at++;
      if (byte === QUOTE) isQuoted = !isQuoted;
      else if (byte === LINE_FEED && !isQuoted) end = at;
    }
  }
  return end;
}
