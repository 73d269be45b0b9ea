import { expect, test } from 'vitest';
import { RowReader } from './row-reader.js';

const HEADER = '5047434f50590aff0d0a00 00000000 00000000';

function reading(hex: string): RowReader {
  const row = new RowReader();
  expect(row.begin(Buffer.from(hex.replaceAll(' ', ''), 'hex'))).toBe(true);
  return row;
}

test('each column is read as what it is, one after the other', () => {
  const row = reading(
    '0007 00000001 01 00000002 fffe 00000008 ffffffffffffffff 00000002 c3bc ffffffff 00000000 00000003 00ff80',
  );
  expect(row.boolean()).toBe(true);
  expect(row.smallint()).toBe(-2);
  expect(row.bigint()).toBe(-1);
  expect(row.isNull()).toBe(false);
  expect(row.text()).toBe('ü');
  expect(row.isNull()).toBe(true);
  expect(row.text()).toBe('');
  expect(row.bytea()).toEqual(Buffer.from([0, 255, 128]));
});

test.each([
  ['the epoch of Postgres', '0000000000000000', 946_684_800_000],
  ['a time of these years', '0002dc6c31fee158', 1_751_992_006_787.416],
  ['before 2000', 'ffffffffffffec78', 946_684_799_995],
])('a time is in ms since 1970: %s', (_name, hex, ms) => {
  expect(reading(`0001 00000008 ${hex}`).time()).toBeCloseTo(ms, 3);
});

test('jsonb is read as JSON, and a version that is not known is not guessed at', () => {
  expect(reading('0001 0000000b 01 7b2261223a5b315d7d20').json()).toEqual({ a: [1] });
  expect(() => reading('0001 00000003 02 7b7d').json()).toThrow('jsonb of version 2');
});

test('what precedes the first row is passed over, and what follows the last is no row', () => {
  expect(reading(`${HEADER} 0001 00000001 61`).text()).toBe('a');
  expect(new RowReader().begin(Buffer.from('ffff', 'hex'))).toBe(false);
  expect(new RowReader().begin(Buffer.from(`${HEADER} ffff`.replaceAll(' ', ''), 'hex'))).toBe(false);
});

test('bytes that are kept do not keep the chunk that they came in', () => {
  const chunk = Buffer.alloc(65_536);
  Buffer.from('000100000001', 'hex').copy(chunk);
  const row = new RowReader();
  row.begin(chunk);
  const kept = row.bytea();
  chunk.fill(0xff);
  expect(kept).toEqual(Buffer.from([0]));
  expect(kept.buffer).not.toBe(chunk.buffer);
});
