import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Database } from '../../database/database.js';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { device } from '../../http/testing/device.js';
import type { DurableSessionDetail, DurableSessionPage } from './session.schemas.js';

let api: TestApi;
beforeAll(async () => {
  const env = {
    PERCH_ALLOW_ANONYMOUS: 'true',
    PERCH_POLICY_DEFAULT: 'allow',
    PERCH_MAX_SESSION_EXPIRY_SECONDS: '4294967295',
  };
  api = await startTestApi({ env });
});
afterAll(() => api?.app.close());

const list = async (query = '') => (await api.viewer.get<DurableSessionPage>(`/sessions${query}`)).body;
const get = async (clientId: string) => api.viewer.get<DurableSessionDetail>(`/sessions/${clientId}`);
const idsOf = ({ items }: DurableSessionPage) => items.map(({ clientId }) => clientId);
const count = async (table: string) =>
  Number((await api.app.app.get(Database).pool.query<{ n: string }>(`SELECT count(*) AS n FROM ${table}`)).rows[0]!.n);

/** A durable client that subscribed to `<its id>/#`. */
async function durable(clientId: string, sessionExpiryInterval = 3_600) {
  const client = await device(api.app, {
    clientId,
    clean: false,
    protocolVersion: 5,
    properties: { sessionExpiryInterval },
    will: {
      topic: 'last/words',
      payload: Buffer.from('bye'),
      qos: 1,
      retain: true,
      properties: { willDelayInterval: 600 },
    },
  });
  client.subscribe(`${clientId}/#`, { qos: 1, nl: true });
  await vi.waitFor(() => expect(client.last('suback')).toBeDefined());
  return client;
}

/** As many messages as asked for are owed to the client, and committed. */
async function owe(clientId: string, messages: number): Promise<void> {
  for (let each = 1; each <= messages; each++) {
    const published = await api.operator.post('/publish', { topic: `${clientId}/t`, payload: `value ${each}`, qos: 1 });
    expect(published.status).toBe(200);
  }
}

describe('durable sessions', () => {
  test('are listed, online or not, with what they are owed; others are not', async () => {
    const sleeper = await durable('list/asleep');
    await durable('list/awake', 0xffff_ffff);
    await device(api.app, { clientId: 'list/volatile' });
    sleeper.drop();
    await owe('list/asleep', 3);
    await vi.waitFor(async () => expect(idsOf(await list('?q=LIST/&state=offline'))).toEqual(['list/asleep']));
    const page = await list('?q=list/');
    expect(page).toMatchObject({ next: null, total: 2, owedMessages: 3, owedBytes: 21 });
    const [asleep, awake] = page.items;
    expect(asleep).toMatchObject({
      clientId: 'list/asleep',
      online: false,
      protocol: 'mqtt5',
      expirySeconds: 3_600,
      queued: 3,
      inFlight: 0,
      owedBytes: 21,
      subscriptionCount: 1,
    });
    expect(Date.parse(asleep!.expiresAt!) - Date.parse(asleep!.disconnectedAt!)).toBe(3_600_000);
    expect(awake).toMatchObject({
      online: true,
      expirySeconds: null,
      expiresAt: null,
      disconnectedAt: null,
      queued: 0,
    });
    expect(idsOf(await list('?state=online&q=list/'))).toEqual(['list/awake']);
    expect(idsOf(await list('?username=nobody'))).toEqual([]);
    const first = await list('?q=list/&limit=1');
    expect(idsOf(await list(`?q=list/&limit=1&after=${first.next}`))).toEqual(['list/awake']);
  });

  test('show their subscriptions and their will', async () => {
    (await durable('shown')).drop();
    await vi.waitFor(async () => expect((await get('shown')).body).toMatchObject({ online: false }));
    expect((await get('shown')).body).toMatchObject({
      will: { topic: 'last/words', qos: 1, retain: true, delaySeconds: 600 },
      subscriptions: [
        { filter: 'shown/#', qos: 1, noLocal: true, retainAsPublished: false, identifiers: [], ruleId: null },
      ],
    });
    await device(api.app, { clientId: 'volatile' });
    for (const clientId of ['volatile', 'nobody']) expect((await get(clientId)).status).toBe(404);
  });
});

describe('purging a session', () => {
  test('takes everything from the database before the reply, and the client starts anew', async () => {
    (await durable('purged')).drop();
    await owe('purged', 2);
    const before = await Promise.all(['sessions', 'session_deliveries', 'session_messages'].map(count));
    expect((await api.operator.delete('/sessions/purged')).status).toBe(204);
    const after = await Promise.all(['sessions', 'session_deliveries', 'session_messages'].map(count));
    expect(before.map((rows, index) => rows - (after[index] ?? 0))).toEqual([1, 2, 2]);
    expect((await get('purged')).status).toBe(404);
    expect((await api.operator.delete('/sessions/purged')).status).toBe(404);
    const again = await durable('purged');
    expect(again.last('connack')).toMatchObject({ sessionPresent: false });
    expect(again.messages).toEqual([]);
  });

  test('disconnects a client that is online', async () => {
    const client = await durable('cut-off');
    expect((await api.operator.delete('/sessions/cut-off')).status).toBe(204);
    await vi.waitFor(() => expect(client.last('disconnect')).toMatchObject({ reasonCode: 0x98 }));
    expect((await get('cut-off')).status).toBe(404);
  });
});

describe('dropping a queue', () => {
  test('drops what waits and nothing else', async () => {
    (await durable('dropped')).drop();
    await owe('dropped', 4);
    expect(await api.operator.delete('/sessions/dropped/queue')).toMatchObject({ status: 200, body: { dropped: 4 } });
    expect((await get('dropped')).body).toMatchObject({ queued: 0, owedBytes: 0, subscriptionCount: 1 });
    await owe('dropped', 1);
    const back = await durable('dropped');
    expect(back.last('connack')).toMatchObject({ sessionPresent: true });
    await vi.waitFor(() => expect(back.messages).toEqual(['dropped/t=value 1']));
    expect((await api.operator.delete('/sessions/nobody/queue')).status).toBe(404);
  });
});

test('both are in the audit log with what was lost, and a viewer may do neither', async () => {
  (await durable('audited')).drop();
  await owe('audited', 2);
  expect((await api.viewer.delete('/sessions/audited/queue')).status).toBe(403);
  expect((await api.viewer.delete('/sessions/audited')).status).toBe(403);
  await api.operator.delete('/sessions/audited/queue');
  await api.operator.delete('/sessions/audited');
  const { body } = await api.admin.get<{ items: { action: string }[] }>('/audit?object=audited');
  expect(body.items.filter(({ action }) => action.startsWith('sessions.'))).toMatchObject([
    { action: 'sessions.purge', result: 'done', before: { queued: 0, subscriptionCount: 1 } },
    { action: 'sessions.dropQueue', result: 'done', operator: 'operator', before: { queued: 2, owedBytes: 14 } },
    { action: 'sessions.purge', result: 'refused' },
    { action: 'sessions.dropQueue', result: 'refused' },
  ]);
});
