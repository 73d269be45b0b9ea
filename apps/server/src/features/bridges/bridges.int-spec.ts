import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Papa from 'papaparse';
import { afterEach, expect, test, vi } from 'vitest';
import { startTestApi, type TestApi } from '../../http/testing/api-client.js';
import { device } from '../../http/testing/device.js';
import { HookServer } from '../../policy/testing/hook-server.js';
import type { AuditPage } from '../audit/audit.schemas.js';
import type { BridgeEvent } from './bridge-event.js';
import type { BridgesDoc, BridgeTestResult } from './bridge.schemas.js';
import { signatureOf } from './webhook.js';

const SECRET = 'a secret of the receiver';
const everything = ['connect', 'publish', 'subscribe', 'unsubscribe', 'disconnect'];

interface Body {
  readonly bridge: string;
  readonly batch: string;
  readonly lost: number;
  readonly events: BridgeEvent[];
}

let api: TestApi | undefined;
let hook: HookServer | undefined;
afterEach(async () => {
  await api?.app.close();
  await hook?.stop();
  api = hook = undefined;
});

async function start(bridges: readonly object[]): Promise<TestApi> {
  api = await startTestApi({
    env: {
      PERCH_ALLOW_ANONYMOUS: 'true',
      PERCH_POLICY_DEFAULT: 'allow',
      PERCH_BRIDGES: JSON.stringify(bridges),
    },
  });
  return api;
}

const aWebhook = (more: object = {}) => ({
  ...{ name: 'hook', kind: 'webhook', url: `${hook?.url}/events`, secret: SECRET, events: everything },
  ...{ topics: ['plant/#'], lingerMs: 0, retryFromMs: 10, retryToMs: 50, ...more },
});

const status = async () => (await api!.viewer.get<BridgesDoc>('/bridges')).body.items[0]!;

test('a webhook gets what happens, signed, and nothing of other topics; the secret is shown nowhere', async () => {
  hook = await HookServer.start(() => ({ status: 200, body: 'x'.repeat(100_000) }));
  await start([aWebhook()]);
  const pump = await device(api!.app, { clientId: 'pump' });
  pump.subscribe('plant/#').subscribe('other/#');
  await vi.waitFor(() => expect(pump.received('suback')).toHaveLength(2));
  pump
    .publish('other/1', 'no')
    .publish('plant/1', 'grün')
    .publish('plant/2', '', { payload: Buffer.from([0xff, 0]) });
  await vi.waitFor(() => expect(pump.received('publish')).toHaveLength(3));
  pump.unsubscribe('plant/#');
  await vi.waitFor(() => expect(pump.last('unsuback')).toBeDefined());
  pump.send({ cmd: 'disconnect' });
  const bodies = () => hook!.asked.map(({ body }) => JSON.parse(body) as Body);
  const events = () => bodies().flatMap((body) => body.events);
  await vi.waitFor(() => expect(events().at(-1)).toMatchObject({ action: 'disconnect' }));
  expect(events()).toMatchObject([
    { seq: 1, action: 'connect', clientid: 'pump', username: null, topic: null, payload: null },
    { seq: 2, action: 'subscribe', topic: 'plant/#' },
    { seq: 3, action: 'publish', clientid: 'pump', topic: 'plant/1', payload: 'grün', encoding: 'utf8', size: 5 },
    { seq: 4, action: 'publish', topic: 'plant/2', payload: '/wA=', encoding: 'base64', size: 2 },
    { seq: 5, action: 'unsubscribe', topic: 'plant/#' },
    { seq: 6, action: 'disconnect', reason: 'client-disconnected' },
  ]);
  for (const { headers, body } of hook.asked) {
    const signature = String(headers['x-perch-signature']);
    const at = Number(/^t=(\d+),v1=[0-9a-f]{64}$/.exec(signature)?.[1]);
    expect(signature).toBe(signatureOf(body, SECRET, at));
    expect(Math.abs(Date.now() / 1000 - at)).toBeLessThan(60);
  }
  await vi.waitFor(async () => expect(await status()).toMatchObject({ state: 'working', queued: 0, sent: 6 }));
  const shown = [await api!.viewer.get('/bridges'), await api!.admin.get('/settings'), await api!.admin.get('/backup')];
  expect(shown.map((answer) => answer.status)).toEqual([200, 200, 200]);
  expect(JSON.stringify(shown.map(({ body }) => body))).not.toContain(SECRET);
});

test('nothing is lost while the receiver is slow, fails and is down, within the bound; beyond it that is told', async () => {
  hook = await HookServer.start(() => ({ status: 500 }));
  await start([aWebhook({ events: ['publish'], queueEvents: 20, timeoutMs: 100, batchEvents: 5 })]);
  const pump = await device(api!.app, { clientId: 'pump' });
  for (let i = 1; i <= 10; i++) pump.publish('plant/1', String(i));
  await vi.waitFor(async () => expect(await status()).toMatchObject({ state: 'failing', queued: 10, circuit: 'open' }));
  expect((await status()).lastError?.problem).toBe('It answered 500.');
  hook.answer(() => 'never');
  await vi.waitFor(async () => expect((await status()).lastError?.problem).toBe('It did not answer in time.'));
  const port = Number(new URL(hook.url).port);
  await hook.stop();
  await vi.waitFor(async () => expect((await status()).lastError?.problem).toContain('ECONNREFUSED'));
  for (let i = 11; i <= 25; i++) pump.publish('plant/1', String(i));
  await vi.waitFor(async () => expect(await status()).toMatchObject({ queued: 20, dropped: 5, sent: 0 }));
  const taken: Body[] = [];
  hook = await HookServer.start(({ body }) => {
    taken.push(JSON.parse(body) as Body);
    return { status: 200 };
  }, port);
  await vi.waitFor(async () => expect(await status()).toMatchObject({ state: 'working', queued: 0, sent: 20 }));
  pump.publish('plant/1', 'after');
  await vi.waitFor(() => expect(taken.at(-1)?.events[0]?.payload).toBe('after'));
  const payloads = new Set(taken.flatMap(({ events }) => events.map(({ payload }) => payload)));
  expect([...payloads]).toEqual([...Array.from({ length: 20 }, (_, index) => String(index + 1)), 'after']);
  const batches = new Map(taken.map(({ batch, lost }) => [batch, lost]));
  expect([...batches.values()].reduce((sum, lost) => sum + lost, 0)).toBe(5);
  expect(taken.at(-1)?.events[0]?.seq).toBe(26);
  expect(await status()).toMatchObject({ circuit: 'closed', dropped: 5, deadLettered: 0 });
});

test('what a receiver refuses for good is found in its batch and kept in a file, and the others arrive', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bridges-'));
  hook = await HookServer.start(({ body }) => ({ status: body.includes('bad') ? 422 : 200 }));
  await start([aWebhook({ events: ['publish'], lingerMs: 60_000, deadLetterFolder: folder })]);
  expect(await status()).toMatchObject({ deadLetterFile: join(folder, 'hook-dead.csv') });
  const pump = await device(api!.app, { clientId: 'pump' });
  pump.subscribe('plant/done');
  for (let i = 1; i <= 20; i++) pump.publish('plant/1', i === 7 ? 'bad' : `good ${i}`);
  pump.publish('plant/done', 'x');
  await vi.waitFor(() => expect(pump.received('publish')).toHaveLength(1));
  await api!.app.close();
  api = undefined;
  const taken = hook.asked.map(({ body }) => JSON.parse(body) as Body).flatMap(({ events }) => events);
  const good = taken.map(({ payload }) => payload);
  expect(good).toEqual(expect.arrayContaining(['good 1', 'good 6', 'good 8', 'good 20', 'x']));
  const kept = Papa.parse<BridgeEvent>(readFileSync(join(folder, 'hook-dead.csv'), 'utf8').trim(), { header: true });
  expect(kept.data).toMatchObject([{ seq: '7', clientid: 'pump', topic: 'plant/1', payload: 'bad' }]);
});

test('a test event says what the receiver answered, also while others wait, and is in the audit log', async () => {
  hook = await HookServer.start(() => ({ status: 500 }));
  await start([aWebhook({ url: `${hook.url}/hidden-path` })]);
  await device(api!.app, { clientId: 'pump' });
  await vi.waitFor(async () => expect(await status()).toMatchObject({ circuit: 'open', queued: 1 }));
  hook.answer(() => ({ status: 422, body: 'no such field' }));
  const tried = () => api!.admin.post<BridgeTestResult>('/bridges/hook/test', {});
  const refused = { arrived: false, said: 'It answered 422.', body: 'no such field' };
  expect(await tried()).toMatchObject({ status: 200, body: refused });
  hook.answer(() => ({ status: 202 }));
  expect(await tried()).toMatchObject({ body: { arrived: true, said: 'It answered 202.', body: null } });
  const sent = hook.asked.map(({ body }) => JSON.parse(body) as Body).filter(({ events }) => events[0]?.seq === 0);
  expect(sent).toMatchObject([
    { bridge: 'hook', events: [{ action: 'test' }] },
    { bridge: 'hook', events: [{ action: 'test' }] },
  ]);
  expect((await status()).target).toBe(hook.url);
  expect(JSON.stringify((await api!.viewer.get('/bridges')).body)).not.toContain('hidden-path');
  expect(await api!.operator.post('/bridges/hook/test', {})).toMatchObject({ status: 403 });
  expect(await api!.admin.post('/bridges/other/test', {})).toMatchObject({ status: 404 });
  const audit = await api!.admin.get<AuditPage>('/audit?object=bridges/hook');
  expect(audit.body.items.map(({ action }) => action)).toContain('bridges.test');
});

test('files get what happens, and hold the last of it when the server has stopped', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bridges-'));
  await start([{ name: 'log', kind: 'csv', folder, events: everything, lingerMs: 60_000 }]);
  const pump = await device(api!.app, { clientId: '=cmd' });
  pump.subscribe('a/+');
  await vi.waitFor(() => expect(pump.last('suback')).toBeDefined());
  pump.publish('a/1', 'x,"y"\r\n=z');
  await vi.waitFor(() => expect(pump.last('publish')).toBeDefined());
  await api!.app.close();
  api = undefined;
  const { data } = Papa.parse<Record<string, string>>(readFileSync(join(folder, 'log.csv'), 'utf8').trimEnd(), {
    header: true,
    newline: '\r\n',
  });
  const of = (action: string) => data.find((line) => line['action'] === action);
  expect(of('connect')).toMatchObject({ seq: '1', clientid: "'=cmd" });
  expect(of('subscribe')).toMatchObject({ topic: 'a/+' });
  expect(of('publish')).toMatchObject({ topic: 'a/1', payload: 'x,"y"\r\n=z', encoding: 'utf8' });
  expect(of('disconnect')).toMatchObject({ reason: 'server-shutting-down' });
});
