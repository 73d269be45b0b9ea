import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvHeader, csvLines, readCsv } from './user-csv.js';
import type { StoredUser } from './user-rows.js';

const aUser = (fields: Partial<StoredUser> = {}): StoredUser => ({
  id: 'u1',
  username: 'pump-7',
  disabled: false,
  state: 'active',
  note: '',
  clientIdBinding: { kind: 'any', text: '' },
  addresses: [],
  connectionLimit: null,
  validUntil: null,
  labels: [],
  createdBy: 'ana',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  passwordChangedAt: '2026-01-01T00:00:00.000Z',
  ...fields,
});

// What spreadsheets, quotes and line ends make of it is the trouble; anything else now and then.
const cell = fc.string({
  unit: fc.constantFrom('=', '+', '-', '@', "'", '"', ',', ';', '\t', '\r', '\n', ' ', 'a', 'é', '🐦'),
});

test('whatever stands in a cell comes back from an export as it was, and none begins a formula', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 8 }), (texts) => {
      const users = texts.map(([username, text, note]) =>
        aUser({ username: `u${username}`, clientIdBinding: { kind: 'prefix', text: `${text}.` }, note }),
      );
      const { rows, problems } = readCsv(csvHeader() + csvLines(users));
      expect(problems).toEqual([]);
      expect(rows.map(({ cells }) => [cells.username, cells.client_id_prefix, cells.note])).toEqual(
        users.map(({ username, clientIdBinding, note }) => [username, clientIdBinding.text, note]),
      );
    }),
    { numRuns: 500 },
  );
});

test.each(['=1+1', '+49 30', '-5', '@SUM(A1)', '\t=1', "'=1"])('%j begins no formula in an export', (note) => {
  const [line = ''] = csvLines([aUser({ username: note })]).split('\r\n');
  expect(line.replace(/^"/, '')).toMatch(/^'/);
});

test('an apostrophe before a password belongs to the password', () => {
  const { rows } = readCsv("username,password,note\na,'=secret,'=note\n");
  expect(rows[0]?.cells).toEqual({ username: 'a', password: "'=secret", note: '=note' });
});

test.each([
  ['semicolons', 'username;note\r\na;b\r\n'],
  ['tabs', 'username\tnote\na\tb'],
  ['a byte order mark, spaces and capitals', '\uFEFFUserName, Note\na,b\n\n'],
])('a file with %s is read, too', (_what, content) => {
  expect(readCsv(content)).toEqual({ rows: [{ row: 2, cells: { username: 'a', note: 'b' } }], problems: [] });
});
