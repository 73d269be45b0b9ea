import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { cutFile, formatOf } from './import-parts.js';

test('a CSV file is cut between rows, never within quotes, and each part names the columns', () => {
  const rows = ['a,"one\ntwo"', 'b,"x ""y"", z"', 'c,', 'd,plain', 'e,"last\r\none"'];
  const parts = cutFile('csv', `username,note\r\n${rows.join('\r\n')}\r\n`, 2);
  expect(parts.map((part) => part.rows)).toEqual([2, 2, 1]);
  const read = parts.map(({ content }) => Papa.parse<string[]>(content.trim()).data);
  expect(read.map(([header]) => header)).toEqual(Array(3).fill(['username', 'note']));
  expect(read.flatMap(([, ...lines]) => lines)).toEqual([
    ['a', 'one\ntwo'],
    ['b', 'x "y", z'],
    ['c', ''],
    ['d', 'plain'],
    ['e', 'last\r\none'],
  ]);
});

test('without a line break at its end, with semicolons or a byte order mark, it is cut the same', () => {
  expect(cutFile('csv', '\uFEFFusername;note\na;1\nb;2\nc;3', 2)).toEqual([
    { content: 'username;note\na;1\nb;2\n', rows: 2 },
    { content: 'username;note\nc;3', rows: 1 },
  ]);
  expect(cutFile('csv', 'username,note\n')).toEqual([]);
});

test('a password file is cut by lines, without its comments', () => {
  expect(cutFile('mosquitto', '# who\na:$7$1\n\nb:$7$2\nc:$7$3\n', 2)).toEqual([
    { content: 'a:$7$1\nb:$7$2', rows: 2 },
    { content: 'c:$7$3', rows: 1 },
  ]);
});

test('the format is seen in the first line', () => {
  expect(formatOf('Username,password\na,b')).toBe('csv');
  expect(formatOf('pump-7:$7$101$salt$hash')).toBe('mosquitto');
});
