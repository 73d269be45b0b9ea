import { mkdtempSync, readdirSync, readFileSync, symlinkSync, truncateSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@perch/broker/testing';
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { bridgesSchema, type CsvSettings } from '../../config/bridge.schema.js';
import type { BridgeEvent } from './bridge-event.js';
import { CsvFiles } from './csv-files.js';

const event: BridgeEvent = {
  ...{ seq: 1, action: 'publish', clientid: 'pump', username: null, topic: 'plant/1', size: 2, payload: '21' },
  ...{ encoding: 'utf8', reason: null, ts: 1_767_225_600, at: '2026-01-01T00:00:00.000Z' },
};

function files(more: { folder?: string; maxFileBytes?: number; maxFileSeconds?: number; keepFiles?: number } = {}) {
  const folder = more.folder ?? mkdtempSync(join(tmpdir(), 'bridge-'));
  const [settings] = bridgesSchema.parse([{ name: 'log', kind: 'csv', ...more, folder }]);
  const clock = new FakeClock();
  const csv = new CsvFiles(settings as CsvSettings, clock);
  const write = (...events: Partial<BridgeEvent>[]) =>
    csv.send({ id: 'x', lines: events.map((each) => csv.encode({ ...event, ...each })), lost: 0 });
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { folder, clock, csv, write, read, names: () => readdirSync(folder).sort() };
}

const header = 'at,seq,action,clientid,username,topic,size,payload,encoding,reason\r\n';

test('a line for each event below a header; another run goes on in the same file', async () => {
  const { csv, write, read } = files();
  expect(await write({})).toBeNull();
  await csv.close();
  await write({ seq: 2 });
  await csv.send({ id: 'y', lines: [csv.encode({ ...event, seq: 9 })], lost: 6 });
  await csv.close();
  expect(read('log.csv')).toBe(
    `${header}2026-01-01T00:00:00.000Z,1,publish,pump,,plant/1,2,21,utf8,\r\n` +
      '2026-01-01T00:00:00.000Z,2,publish,pump,,plant/1,2,21,utf8,\r\n' +
      ',,,,,,,,,6 events were lost before this line\r\n' +
      '2026-01-01T00:00:00.000Z,9,publish,pump,,plant/1,2,21,utf8,\r\n',
  );
});

test.each(['=1+1', '+49', '-5', '@SUM(A1)', '\t=1', '\r=1', '"=1"\r\n=2'])('%j begins no cell', async (hostile) => {
  const { csv, write, read } = files();
  await write({ clientid: hostile, username: hostile, topic: hostile, payload: hostile });
  await csv.close();
  const [, row] = Papa.parse<string[]>(read('log.csv'), { delimiter: ',', newline: '\r\n' }).data;
  for (const cell of row ?? []) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  expect(row?.[3]).toContain(hostile);
});

test('a file that is large or old is put aside, and only so many are kept', async () => {
  const { csv, write, names, read, clock } = files({ maxFileBytes: 1024, maxFileSeconds: 60, keepFiles: 3 });
  await write({ payload: 'x'.repeat(900) });
  await write({ payload: 'first of the second' });
  expect(names()).toEqual(['log-20260101T000000000Z.csv', 'log.csv']);
  clock.advance(60_000);
  await write({ payload: 'first of the third' });
  for (let i = 0; i < 5; i++) await write({ payload: 'y'.repeat(900) });
  await csv.close();
  expect(names()).toHaveLength(3);
  expect(names()).not.toContain('log-20260101T000000000Z.csv');
  for (const name of names()) expect(read(name).startsWith(header), name).toBe(true);
});

test('half a row that a crash has left, also within quotes, is taken away before more is written', async () => {
  const whole = { payload: '"a"\r\nb' };
  for (const cut of [1, 3, 12, 30]) {
    const first = files();
    await first.write(whole);
    const { length } = first.read('log.csv');
    await first.write({ ...whole, seq: 2 });
    await first.csv.close();
    truncateSync(join(first.folder, 'log.csv'), first.read('log.csv').length - cut);
    const next = files({ folder: first.folder });
    await next.write({ seq: 3 });
    await next.csv.close();
    const rows = Papa.parse<string[]>(next.read('log.csv').trimEnd(), { newline: '\r\n' }).data;
    expect(
      rows.map(([, seq]) => seq),
      `cut by ${cut}`,
    ).toEqual(['seq', '1', '3']);
    expect(next.read('log.csv').length).toBeGreaterThan(length);
  }
});

test('a test event is a row of its own; where it cannot be written that is said', async () => {
  const { csv, folder, read } = files();
  const batch = { id: 'x', lines: [csv.encode({ ...event, action: 'test' })], lost: 0 };
  expect(await csv.test(batch)).toMatchObject({ arrived: true, said: `It is in ${join(folder, 'log.csv')}.` });
  expect(read('log.csv')).toContain(',test,');
  await csv.close();
  unlinkSync(join(folder, 'log.csv'));
  symlinkSync('/dev/full', join(folder, 'log.csv'));
  expect(await csv.test(batch)).toMatchObject({ arrived: false, said: expect.stringContaining('ENOSPC') as string });
});

test('a full disk is told, and when there is room again all is written', async () => {
  const { folder, csv, write, read } = files();
  symlinkSync('/dev/full', join(folder, 'log.csv'));
  expect(await write({})).toEqual({ problem: expect.stringContaining('ENOSPC') as string, isFinal: false });
  unlinkSync(join(folder, 'log.csv'));
  expect(await write({})).toBeNull();
  await csv.close();
  expect(read('log.csv').split('\r\n')).toHaveLength(3);
});
