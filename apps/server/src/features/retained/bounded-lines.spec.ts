import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { boundedLines } from './bounded-lines.js';

async function linesOf(chunks: readonly string[], maxBytes = 10): Promise<(string | null)[]> {
  const lines: (string | null)[] = [];
  for await (const { number, text } of boundedLines(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), maxBytes))
    lines.push(text === null ? `${number}!` : `${number} ${text}`);
  return lines;
}

test('lines come whole and numbered, however the stream is cut, empty ones left out', async () => {
  expect(await linesOf(['a\r\nb', 'c\n\n', '\n', 'd'])).toEqual(['1 a', '2 bc', '5 d']);
  expect(await linesOf(['ü\n'.repeat(3)])).toEqual(['1 ü', '2 ü', '3 ü']);
  expect(await linesOf([])).toEqual([]);
});

test('of a line that is too long only its number is told, and the next one is read', async () => {
  expect(await linesOf(['x'.repeat(9), 'x'.repeat(9), 'x\nok\n', 'y'.repeat(11)])).toEqual(['1!', '2 ok', '3!']);
});
