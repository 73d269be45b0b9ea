import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Database } from '../../database/database.js';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { device } from '../../http/testing/device.js';
import type { ClientDetail, ClientPage } from './client.schemas.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ env: { PERCH_ALLOW_ANONYMOUS: 'true', PERCH_POLICY_DEFAULT: 'allow' } });
});
afterAll(() => api?.app.close());

const idsOf = ({ items }: ClientPage) => items.map(({ clientId }) => clientId);
const list = async (query = '') => (await api.viewer.get<ClientPage>(`/clients${query}`)).body;

test('clients are listed with what presence knows, and filtered by all of it', async () => {
  const gone = await device(api.app, { clientId: 'gone', protocolVersion: 5, address: '10.0.0.9' });
  await device(api.app, { clientId: 'here' });
  gone.drop();
  await vi.waitFor(async () => expect((await list()).offline).toBe(1));
  const all = await list();
  expect(all).toMatchObject({ next: null, online: 1, offline: 1 });
  expect(all.items).toMatchObject([
    { clientId: 'gone', online: false, protocol: 'mqtt5', address: '10.0.0.9', reason: 'connection-lost' },
    { clientId: 'here', online: true, protocol: 'mqtt3.1.1', username: null, reason: null, connectedForMs: null },
  ]);
  expect(all.seq).toBe(Math.max(...all.items.map(({ seq }) => seq)));
  expect(idsOf(await list('?state=online'))).toEqual(['here']);
  expect(idsOf(await list('?protocol=mqtt5'))).toEqual(['gone']);
  expect(idsOf(await list('?address=10.0.0.9'))).toEqual(['gone']);
  expect(idsOf(await list('?q=HER'))).toEqual(['here']);
  expect(idsOf(await list('?username=nobody'))).toEqual([]);
});

test('pages hold everybody once, whatever their ids are made of', async () => {
  const ids = ['page/+/#', 'page/<b>', 'page/ü', 'page/🐦', 'page/%2F'];
  for (const clientId of ids) await device(api.app, { clientId });
  const seen: string[] = [];
  for (let after = ''; ;) {
    const page = await list(`?q=page/&limit=2${after}`);
    seen.push(...idsOf(page));
    if (page.next === null) break;
    after = `&after=${page.next}`;
  }
  expect(seen.toSorted()).toEqual(ids.toSorted());
  for (const clientId of ids) {
    const { body } = await api.viewer.get(`/clients/${encodeURIComponent(clientId)}`);
    expect(body).toMatchObject({ clientId, online: true });
  }
});

test('a connected client shows its session', async () => {
  const client = await device(api.app, {
    clientId: 'shown',
    clean: false,
    keepalive: 30,
    will: { topic: 'shown/gone', payload: Buffer.from('x'), qos: 1, retain: true },
  });
  client.subscribe('shown/#', { qos: 1 });
  await vi.waitFor(() => expect(client.last('suback')).toBeDefined());
  const { body } = await api.viewer.get<ClientDetail>('/clients/shown');
  expect(body.durable).toBe(true);
  expect(body.session).toMatchObject({
    keepAliveSeconds: 30,
    cleanStart: false,
    inFlight: 0,
    queued: 0,
    bytesIn: null, // a link in memory does not count
    recentTopics: ['shown/gone'], // the will
    will: { topic: 'shown/gone', qos: 1, retain: true },
    subscriptions: [{ filter: 'shown/#', qos: 1, ruleId: null, exclusions: [] }],
  });
});

test('an operator takes a subscription away: its messages stop before the reply, and a restart does not bring it back', async () => {
  const client = await device(api.app, {
    clientId: 'listener',
    clean: false,
    protocolVersion: 5,
    properties: { sessionExpiryInterval: 60 },
  });
  client.subscribe('news/#', { qos: 1 });
  client.subscribe('other', { qos: 1 });
  await vi.waitFor(() => expect(client.received('suback')).toHaveLength(2));
  const path = `/clients/listener/subscriptions?filter=${encodeURIComponent('news/#')}`;
  expect((await api.viewer.delete(path)).status).toBe(403);
  expect((await api.operator.delete(path)).status).toBe(204);
  for (const topic of ['news/1', 'other']) await api.operator.post('/publish', { topic, payload: 'x', qos: 1 });
  await vi.waitFor(() => expect(client.messages).toEqual(['other=x']));
  const { body } = await api.viewer.get<ClientDetail>('/clients/listener');
  expect(body.session?.subscriptions).toMatchObject([{ filter: 'other', noLocal: false, identifiers: [] }]);
  const stored = await api.app.app.get(Database).pool.query(`
    SELECT filter FROM session_subscriptions JOIN sessions ON id = session_id WHERE client_id = 'listener'`);
  expect(stored.rows).toEqual([{ filter: 'other' }]);
  expect((await api.operator.delete(path)).status).toBe(404);
  const audit = await api.admin.get('/audit?object=listener&action=clients.unsubscribe&result=done');
  expect(audit.body.items).toMatchObject([{ before: { filter: 'news/#', qos: 1 } }]);
});

test('a kick disconnects before the reply, and is in the audit log with its reason', async () => {
  const client = await device(api.app, { clientId: 'kicked', protocolVersion: 5 });
  expect((await api.operator.post('/clients/kicked/kick', { reason: 'too loud' })).status).toBe(204);
  const { body } = await api.viewer.get('/clients/kicked');
  expect(body).toMatchObject({ online: false, reason: 'administrative-action', session: null, durable: false });
  await vi.waitFor(() => expect(client.last('disconnect')).toMatchObject({ reasonCode: 0x98 }));
  expect(await api.operator.post('/clients/kicked/kick', {})).toMatchObject({
    status: 409,
    body: { code: 'client-offline' },
  });
  expect((await api.operator.post('/clients/unknown/kick')).status).toBe(404);
  const audit = await api.admin.get('/audit?object=kicked');
  expect(audit.body.items).toMatchObject([
    { action: 'clients.kick', result: 'refused', reason: 'client-offline' },
    { action: 'clients.kick', result: 'done', operator: 'operator', reason: 'too loud' },
  ]);
});
