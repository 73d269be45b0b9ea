import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { Database } from '../../database/database.js';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { device } from '../../http/testing/device.js';
import type { ClientDetail, ClientLoads, ClientPage, ClientRanks } from './client.schemas.js';
import type { TimelinePage } from './timeline.schemas.js';

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
  await vi.waitFor(async () => expect((await list()).gone).toBe(1));
  const all = await list();
  expect(all).toMatchObject({ next: null, online: 1, offline: 0, gone: 1 });
  expect(all.items).toMatchObject([
    {
      clientId: 'gone',
      online: false,
      hasSession: false,
      protocol: 'mqtt5',
      address: '10.0.0.9',
      reason: 'connection-lost',
    },
    {
      clientId: 'here',
      online: true,
      hasSession: true,
      protocol: 'mqtt3.1.1',
      username: null,
      reason: null,
      connectedForMs: null,
    },
  ]);
  expect(all.seq).toBe(Math.max(...all.items.map(({ seq }) => seq)));
  expect(idsOf(await list('?state=online'))).toEqual(['here']);
  expect(idsOf(await list('?state=offline'))).toEqual([]);
  expect(idsOf(await list('?state=gone'))).toEqual(['gone']);
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

test('what sessions have on their hands is told of those who are asked for, and with the list where that is asked', async () => {
  const busy = await device(api.app, { clientId: 'busy', clean: false });
  busy.subscribe('loads/#', { qos: 1 });
  await vi.waitFor(() => expect(busy.last('suback')).toBeDefined());
  const loads = async () => {
    const { body } = await api.viewer.post<ClientLoads>('/clients/loads', { clientIds: ['busy', 'busy', 'unknown'] });
    return body.items;
  };
  expect(await loads()).toMatchObject([
    { clientId: 'busy', subscriptions: 1, inFlight: 0, queued: 0, messagesIn: 0, messagesOut: 0 },
  ]);
  busy.publish('loads/1', 'x', { qos: 1 });
  await vi.waitFor(async () => expect(await loads()).toMatchObject([{ inFlight: 1, messagesIn: 1, messagesOut: 1 }]));
  busy.drop();
  await vi.waitFor(async () => expect(await loads()).toMatchObject([{ connectedAt: null, subscriptions: 1 }]));
  const [listed] = (await list('?q=busy&load=true')).items;
  expect(listed?.load).toEqual((await loads())[0]);
  expect((await list('?q=busy')).items[0]).not.toHaveProperty('load');
  const ranked = async (by: string) => {
    const { body } = await api.viewer.post<ClientRanks>('/clients/ranks', { by });
    return Object.fromEntries(body.clientIds.map((id, index) => [id, body.values[index]]));
  };
  expect(await ranked('subscriptions')).toMatchObject({ busy: 1 });
  expect(await ranked('messages')).toMatchObject({ busy: 2 });
  expect(await ranked('inFlight')).toMatchObject({ busy: 1 });
  expect((await api.viewer.post('/clients/ranks', { by: 'name' })).status).toBe(422);
  const tooMany = Array.from({ length: 501 }, (_, index) => `c${index}`);
  expect((await api.viewer.post('/clients/loads', { clientIds: tooMany })).status).toBe(422);
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
    inFlightMax: 1024,
    queued: 0,
    queuedMax: 10_000,
    awaitingRelease: 0,
    dropped: 0,
    listener: null, // a link in memory is at none
    certificateName: null,
    bytesIn: null, // nor does it count
    recentTopics: ['shown/gone'], // the will
    will: { topic: 'shown/gone', qos: 1, retain: true },
    subscriptions: [{ filter: 'shown/#', qos: 1, ruleId: null, exclusions: [] }],
  });
});

test('a session tells by which listener its client came, and whose certificate it showed, also when that is not its user', async () => {
  const terms = { name: 'plant-floor', allowAnonymous: null, packetBytes: null, certificateAs: null };
  await device(api.app, { clientId: 'badged', certificateName: 'badge-7', terms });
  const { body } = await api.viewer.get<ClientDetail>('/clients/badged');
  expect(body.session).toMatchObject({ listener: 'plant-floor', certificateName: 'badge-7' });
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

test('an MQTT 5 client is kicked with the reason code that the operator chose, which the audit log keeps', async () => {
  const port = api.app.mqttPort as number;
  const client = await connectAsync({ port, protocolVersion: 5, clientId: 'busy/1', reconnectPeriod: 0 });
  onTestFinished(() => client.endAsync(true));
  const farewell = new Promise((resolve) => client.once('disconnect', resolve));
  expect((await api.operator.post('/clients/busy%2F1/kick', { reasonCode: 0x9d })).status).toBe(204);
  expect(await farewell).toMatchObject({ reasonCode: 0x9d });
  const audit = await api.admin.get('/audit?object=busy/1');
  expect(audit.body.items).toMatchObject([{ action: 'clients.kick', after: { reasonCode: 0x9d }, reason: null }]);
});

test.each([0, 0x8e, 256, '157', null])('%s is no reason code to kick a client with', async (reasonCode) => {
  const { status, body } = await api.operator.post('/clients/here/kick', { reasonCode });
  expect(status).toBe(422);
  expect(body).toMatchObject({ errors: [{ path: 'reasonCode' }] });
  expect((await api.viewer.get('/clients/here')).body).toMatchObject({ online: true });
});

describe('many clients', () => {
  test('are found by network, reason, subscription, ban and what they were refused', async () => {
    const near = await device(api.app, { clientId: 'many/near', address: '10.7.0.5' });
    await device(api.app, { clientId: 'many/far', address: '10.8.0.5' });
    near.subscribe('$share/g/hall/+/door');
    (await device(api.app, { clientId: 'many/gone' })).drop();
    await vi.waitFor(async () => expect(idsOf(await list('?q=many/&reason=connection-lost'))).toEqual(['many/gone']));
    expect(idsOf(await list('?q=many/&address=10.7.0.0/16'))).toEqual(['many/near']);
    const subscribed = `?q=many/&subscribedTo=${encodeURIComponent('hall/3/#')}`;
    await vi.waitFor(async () => expect(idsOf(await list(subscribed))).toEqual(['many/near']));
    near.publish('$SYS/forged', 'x');
    await vi.waitFor(async () => expect(idsOf(await list('?q=many/&denied=true'))).toEqual(['many/near']));
    const { since } = (await list('?q=many/far')).items[0]!;
    expect(idsOf(await list(`?q=many/far&since=${since}&until=${since}`))).toEqual(['many/far']);
    expect((await api.viewer.get('/clients?address=10.7.0.0/99')).status).toBe(400);
    expect((await api.viewer.get('/clients?subscribedTo=a%23b')).status).toBe(400);
    const banned = await api.operator.post('/bans/bulk', { clientIds: ['many/far', 'many/never'], reason: 'test' });
    expect(banned.body).toEqual({ created: 2, existing: 0, disconnected: 1 });
    expect(idsOf(await list('?q=many/&banned=true'))).toEqual(['many/far']);
    expect((await list('?q=many/far')).items).toMatchObject([{ online: false, reason: 'banned', banned: true }]);
    const again = await api.operator.post('/bans/bulk', { clientIds: ['many/far'] });
    expect(again.body).toEqual({ created: 0, existing: 1, disconnected: 0 });
  });

  test('are sent away before the reply, each with an entry in the audit log and in its timeline', async () => {
    const clients = await Promise.all(
      ['bulk/1', 'bulk/2'].map((clientId) => device(api.app, { clientId, clean: false, protocolVersion: 4 })),
    );
    const clientIds = ['bulk/1', 'bulk/2', 'bulk/nobody'];
    const kicked = await api.operator.post('/clients/bulk', { action: 'kick', clientIds, reason: 'spring cleaning' });
    expect(kicked.body).toEqual({ disconnected: 2, cleared: 0, unchanged: 1 });
    await vi.waitFor(() => expect(clients.every(({ isClosed }) => isClosed)).toBe(true));
    const cleared = await api.operator.post('/clients/bulk', { action: 'clear', clientIds });
    expect(cleared.body).toEqual({ disconnected: 0, cleared: 2, unchanged: 1 });
    expect((await api.viewer.get('/sessions/bulk/1')).status).toBe(404);
    const audit = await api.admin.get('/audit?object=client/bulk/2');
    expect(audit.body.items).toMatchObject([
      { action: 'clients.clear', result: 'done' },
      { action: 'clients.kick', result: 'done', reason: 'spring cleaning' },
    ]);
    const timeline = await api.viewer.get<TimelinePage>('/clients/bulk%2F2/timeline');
    expect(timeline.body.items.map(({ kind }) => kind)).toEqual(['disconnected', 'kicked', 'connected']);
  });

  test('leave as CSV, all that the filter means, and nothing that a spreadsheet would run', async () => {
    for (const clientId of ['csv/1', '=csv/2', 'csv/"3",']) (await device(api.app, { clientId })).drop();
    await vi.waitFor(async () => expect((await list('?q=csv/&state=gone')).items).toHaveLength(3));
    const { status, headers, body } = await api.viewer.get<string>('/clients.csv?q=csv/');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8; header=present']);
    const [header, ...lines] = body.trimEnd().split('\r\n');
    expect(header).toMatch(/^clientId,online,since,username,/);
    expect(lines.map((line) => line.slice(0, line.indexOf(',false,')))).toEqual([`"'=csv/2"`, '"csv/""3"","', 'csv/1']);
  });
});
