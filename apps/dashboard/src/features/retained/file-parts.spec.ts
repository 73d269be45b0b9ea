import { expect, test } from 'vitest';
import { partsOf } from './file-parts.js';

async function cut(text: string, partBytes: number) {
  const parts: [string, number][] = [];
  for await (const { content, linesBefore } of partsOf(new Blob([text]), partBytes))
    parts.push([await content.text(), linesBefore]);
  return parts;
}

test('a file is cut between its lines, and each part knows how many stand before it', async () => {
  expect(await cut('aa\nbb\n\ncc', 4)).toEqual([
    ['aa\nbb\n', 0],
    ['\ncc', 2],
  ]);
  expect(await cut('aa\nbb\n', 3)).toEqual([
    ['aa\n', 0],
    ['bb\n', 1],
  ]);
});

test('a line longer than a part stays whole', async () => {
  const long = 'x'.repeat(200_000);
  expect(await cut(`${long}\ny`, 10)).toEqual([
    [`${long}\n`, 0],
    ['y', 1],
  ]);
  expect(await cut('', 10)).toEqual([]);
});
