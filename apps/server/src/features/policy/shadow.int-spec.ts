import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase } from '../../testing/test-database.js';
import { startTestApp } from '../../testing/start-test-app.js';
import { ApiClient, PASSWORD, type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { as, device } from '../../http/testing/device.js';
import type { ClientDetail } from '../clients/client.schemas.js';
import type { Shadow, ShadowReport } from './shadow.schemas.js';
import { aRule, type Saver, saver } from './testing/saver.js';

const rules = [aRule({ id: 'a', topics: ['a/#'] })];
const draft = [
  aRule({ id: 'no-secret', effect: 'deny', topics: ['a/secret'] }),
  aRule({ id: 'a', topics: ['a/#'] }),
  aRule({ id: 'b', topics: ['b/#'] }),
];
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let api: TestApi;
let policy: Saver;
beforeAll(async () => {
  database = await createTestDatabase();
  api = await startTestApi({ env: { DATABASE_URL: database.url } });
  policy = saver(api);
  await api.admin.post('/users', { username: 'pump', password: 'let me in', labels: ['field'] });
  await policy.save(rules);
});
afterAll(async () => {
  await api?.app.close();
  await database?.drop();
});

const report = async () => (await api.viewer.get<ShadowReport>('/policy/shadow/report')).body;

test('a draft is judged beside the live policy: nothing is refused, and everything that differs is told', async () => {
  const client = await device(api.app, { ...as('pump', 'let me in', 'pump-1'), protocolVersion: 5 });
  client.publish('a/secret', 'before');
  const put = await api.operator.put<Shadow>('/policy/shadow', { rules: draft, note: 'stricter' });
  expect(put).toMatchObject({ status: 200, body: { draft: { author: 'operator', note: 'stricter' }, rules: [] } });
  client.subscribe('a/#').subscribe('b/x').publish('a/secret', '1').publish('b/y', '2').publish('a/other', '3');
  await vi.waitFor(() => expect(client.received('suback')).toHaveLength(2));
  expect(client.received('suback').map(({ granted }) => granted)).toEqual([[0], [0x87]]);
  expect(client.messages).toContain('a/secret=1');
  const told = await report();
  expect(told.totals).toEqual({ refused: 1, allowed: 2, narrowed: 1, widened: 0 });
  expect(told.rules).toEqual([
    expect.objectContaining({ ruleId: 'no-secret', refused: 1, narrowed: 1 }),
    expect.objectContaining({ ruleId: 'b', allowed: 2 }),
  ]);
  expect(told.clients).toMatchObject([{ clientId: 'pump-1', refused: 1, allowed: 2, narrowed: 1 }]);
  expect(told.items[0]).toMatchObject({ action: 'publish', topic: 'b/y', change: 'allowed', ruleId: 'b', count: 1 });
  const { session, address } = (await api.viewer.get<ClientDetail>('/clients/pump-1')).body;
  expect(session).toMatchObject({ labels: ['field'], own: null });
  expect(told.items[0]).toMatchObject({ username: 'pump', labels: ['field'], address });
  await vi.waitFor(async () => {
    const { body } = await api.viewer.get<{ items: object[] }>('/refusals?shadow=true');
    expect(body.items).toContainEqual(expect.objectContaining({ topic: 'a/secret', ruleId: 'no-secret' }));
  });
});

test('a draft goes on after a restart, until it is stopped', async () => {
  await api.app.close();
  const app = await startTestApp({ env: { PERCH_ADMIN_PASSWORD: PASSWORD, DATABASE_URL: database.url } });
  const admin = new ApiClient(app.url);
  await admin.signIn('admin', PASSWORD);
  api = { ...api, app, admin, operator: admin, viewer: admin };
  expect((await admin.get('/policy/shadow')).body).toMatchObject({ draft: { note: 'stricter', rules: draft } });
  const client = await device(app, as('pump', 'let me in', 'pump-2'));
  client.publish('a/secret', '1');
  await vi.waitFor(async () => expect((await report()).totals.refused).toBe(1));
  expect((await admin.delete('/policy/shadow')).status).toBe(204);
  client.publish('a/secret', '2').publish('a/x', '3');
  expect(await report()).toMatchObject({ totals: { refused: 0 }, items: [] });
  expect((await admin.get('/policy/shadow')).body).toEqual({ draft: null, rules: [] });
  const audit = (await admin.get('/audit?object=policy/shadow')).body as { items: { action: string }[] };
  expect(audit.items.map(({ action }) => action)).toEqual(['shadow.stop', 'shadow.start']);
});

test('rules in shadow mode are judged as if they were enforced', async () => {
  const shy = aRule({ id: 'shy', effect: 'deny', topics: ['a/shy'], mode: 'shadow' });
  await saver(api).save([shy, ...rules]);
  expect((await api.viewer.get('/policy/shadow')).body).toEqual({ draft: null, rules: ['shy'] });
  const client = await device(api.app, as('pump', 'let me in', 'pump-3'));
  client.subscribe('a/+').publish('a/shy', '1');
  await vi.waitFor(() => expect(client.messages).toEqual(['a/shy=1']));
  expect((await report()).rules).toEqual([{ ruleId: 'shy', refused: 1, allowed: 0, narrowed: 1, widened: 0 }]);
});

test('a draft that could not be saved is not judged', async () => {
  const { status } = await api.operator.put('/policy/shadow', { rules: [aRule({ topics: ['a/#/b'] })] });
  expect([status, (await api.viewer.get<Shadow>('/policy/shadow')).body.draft]).toEqual([422, null]);
});
