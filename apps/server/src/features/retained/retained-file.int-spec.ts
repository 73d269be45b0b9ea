import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ApiClient, type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { byItself } from '../../http/actor.js';
import { RetainedImport } from './retained-import.js';
import type { RetainedImportResult, RetainedLine } from './retained-file.schemas.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.app.close());

const message = (topic: string) => `/retained/message?topic=${encodeURIComponent(topic)}`;
const exported = async (filter: string) => {
  const { body } = await api.operator.get<string>(`/retained/export?filter=${encodeURIComponent(filter)}`);
  return typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
};
const send = (text: string, query = '', client: ApiClient = api.operator) =>
  client.post<RetainedImportResult>(`/retained/import${query}`, text, { 'content-type': 'application/x-ndjson' });

test('what is written to a file is the same when it is read again: bytes, properties, end', async () => {
  const properties = {
    contentType: 'image/x',
    correlationData: Buffer.from([1, 0]).toString('base64'),
    userProperties: [{ name: 'ü', value: '✓' }],
  };
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const payload = Buffer.from([0, 255, 10]).toString('base64');
  await api.operator.put(message('out/bytes'), { payload, encoding: 'base64', properties, expiresAt, qos: 2 });
  await api.operator.put(message('out/text'), { payload: 'line\nbreak "✓"' });
  const file = await exported('out/#');
  const lines = file
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RetainedLine);
  expect(lines.sort((a, b) => (a.topic < b.topic ? -1 : 1))).toMatchObject([
    { topic: 'out/bytes', qos: 2, payload, encoding: 'base64', properties, expiresAt },
    { topic: 'out/text', qos: 1, payload: 'line\nbreak "✓"', encoding: 'utf8', properties: null, expiresAt: null },
  ]);
  for (const topic of ['out/bytes', 'out/text']) await api.operator.delete(message(topic));
  const trial = await send(file, '?dryRun=true');
  expect(trial).toMatchObject({ status: 200, body: { applied: false, lines: 2, created: 2, failed: 0 } });
  expect((await api.operator.get(message('out/text'))).status).toBe(404);
  expect((await send(file)).body).toMatchObject({ applied: true, lines: 2, created: 2, replaced: 0, stopped: null });
  expect((await api.operator.get(message('out/bytes'))).body).toMatchObject({ payload, properties, expiresAt, qos: 2 });
  const { body } = await api.admin.get<{ items: object[] }>('/audit?object=retained');
  expect(body.items).toMatchObject([
    { action: 'retained.import-end', after: { lines: 2, created: 2 } },
    { action: 'retained.import' },
  ]);
  expect(JSON.stringify(body)).not.toContain('break');
});

test('each line that is wrong is told with its number, and keeps no other out', async () => {
  const { body } = await send(
    [
      '{"topic":"in/1","payload":"a"}',
      '{"topic":"in/+","payload":"a"}',
      'nonsense',
      '',
      '{"topic":"in/2","payload":"%","encoding":"base64"}',
      '{"topic":"in/3"}',
      '{"topic":"in/4","payload":"a","expireAt":"2100-01-01T00:00:00Z"}',
      '{"topic":"in/5","payload":"a","expiresAt":"2020-01-01T00:00:00Z"}',
      '{"topic":"in/1","payload":"b"}',
      '{"topic":"$SYS/x","payload":"a"}',
    ].join('\n'),
  );
  expect(body).toMatchObject({ lines: 9, created: 1, replaced: 1, expired: 1, failed: 6, stopped: null });
  expect(body.problems.map(({ line, path }) => [line, path])).toEqual([
    [2, 'topic'],
    [3, null],
    [5, 'payload'],
    [6, 'payload'],
    [7, 'expireAt'],
    [10, null],
  ]);
  expect((await api.operator.get(message('in/1'))).body).toMatchObject({ size: 1, payload: 'Yg==' });
});

test('a line that is wrong does no harm while the rest of the file is long in coming', async () => {
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  const imports = api.app.app.get(RetainedImport, { strict: false });
  async function* slowly() {
    yield Buffer.from('nonsense\n{"topic":"slow/+","payload":"a"}\n');
    // Longer than it takes until a rejection counts as unhandled.
    for (let turn = 0; turn < 3; turn++) await setImmediate();
    yield Buffer.from('{"topic":"slow/1","payload":"a"}\n');
  }
  const result = await imports.run(slowly(), { existing: 'replace', dryRun: true }, byItself('test'));
  process.off('unhandledRejection', unhandled);
  expect(result).toMatchObject({ lines: 3, created: 1, failed: 2, stopped: null });
  expect(unhandled).not.toHaveBeenCalled();
});

test('what topics have already is kept where that is asked', async () => {
  await api.operator.put(message('keep/1'), { payload: 'old' });
  const file = '{"topic":"keep/1","payload":"new"}\n{"topic":"keep/2","payload":"new"}';
  expect((await send(file, '?existing=keep')).body).toMatchObject({ created: 1, kept: 1, replaced: 0 });
  expect((await api.operator.get(message('keep/1'))).body).toMatchObject({ payload: 'b2xk' });
});

test('many lines are read as they come, more than a body may have', async () => {
  const lines = Array.from({ length: 20_000 }, (_, i) =>
    JSON.stringify({ topic: `bulk/${i}`, payload: 'x'.repeat(100) }),
  );
  const { body } = await send(lines.join('\n'));
  expect(body).toMatchObject({ lines: 20_000, created: 20_000, failed: 0 });
  expect((await exported('bulk/#')).trim().split('\n').length).toBe(20_000);
});

test('who may not read payloads exports nothing, and what is no file of lines is not read', async () => {
  expect((await api.viewer.get('/retained/export')).status).toBe(403);
  expect((await send('{"topic":"a","payload":"b"}', '', api.viewer)).status).toBe(403);
  expect((await send('{"topic":"a","payload":"b"}', '', api.stranger)).status).toBe(401);
  expect((await api.operator.post('/retained/import', { topic: 'a', payload: 'b' })).status).toBe(415);
  expect((await api.operator.get('/retained/export?filter=a%23')).status).toBe(400);
  const { body } = await api.admin.get<{ items: object[] }>('/audit?action=retained.export&object=filter/out/%23');
  expect(body.items).toMatchObject([{ operator: 'operator', result: 'done' }]);
});
