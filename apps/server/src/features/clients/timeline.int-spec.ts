import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { as, device } from '../../http/testing/device.js';
import type { TimelineEvent, TimelinePage } from './timeline.schemas.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ env: { PERCH_POLICY_DEFAULT: 'allow' } });
  await api.operator.post('/users', { username: 'pump', password: 'let me in' });
});
afterAll(() => api?.app.close());

const read = async (clientId: string, query = '') =>
  (await api.viewer.get<TimelinePage>(`/clients/${encodeURIComponent(clientId)}/timeline${query}`)).body;
const told = ({ kind, reason, count }: TimelineEvent) => [kind, reason, count];

test('a client’s timeline goes on across its connections, and holds what kept it out', async () => {
  const clientId = 'hall 3/pump#7';
  for (let attempt = 0; attempt < 3; attempt++) await device(api.app, as('pump', 'wrong', clientId));
  (await device(api.app, as('pump', 'let me in', clientId))).drop();
  await device(api.app, { ...as('pump', 'let me in', clientId), address: '10.0.0.1' });
  await device(api.app, { ...as('pump', 'let me in', clientId), address: '10.0.0.2' });
  await api.operator.post(`/clients/${encodeURIComponent(clientId)}/kick`, { reason: 'too loud' });
  const ban = await api.operator.post('/bans', { kind: 'clientid', value: clientId });
  expect(ban.status).toBe(201);
  await device(api.app, as('pump', 'let me in', clientId));
  const { items, next, notKept } = await read(clientId);
  expect(items.map(told)).toEqual([
    ['refused', 'banned', 1],
    ['disconnected', 'administrative-action', 1],
    ['kicked', 'too loud', 1],
    ['connected', null, 1],
    ['disconnected', 'session-taken-over', 1],
    ['connected', null, 1],
    ['disconnected', 'connection-lost', 1],
    ['connected', null, 1],
    ['refused', 'bad-credentials', 3],
  ]);
  expect(items[2]).toMatchObject({ operator: 'operator', username: 'pump', address: '10.0.0.2' });
  expect(items[4]).toMatchObject({ address: '10.0.0.1', protocol: 'mqtt3.1.1' });
  expect(items[4]!.connectedForMs).toBeGreaterThanOrEqual(0);
  expect({ next, notKept }).toEqual({ next: null, notKept: 0 });
});

test('pages hold each event once, also those of one millisecond', async () => {
  for (let each = 0; each < 5; each++) (await device(api.app, as('pump', 'let me in', 'paged'))).drop();
  await device(api.app, as('pump', 'wrong', 'paged'));
  await vi.waitFor(async () => expect((await read('paged')).items).toHaveLength(11));
  const seen: string[] = [];
  for (let after = ''; ;) {
    const page = await read('paged', `?limit=2${after}`);
    seen.push(...page.items.map(({ key }) => key));
    if (page.next === null) break;
    after = `&after=${page.next}`;
  }
  expect(seen).toEqual((await read('paged')).items.map(({ key }) => key));
  expect(new Set(seen).size).toBe(11);
});

test('of a client that was never here the timeline is empty, and a cursor of another list is refused', async () => {
  expect((await read('nobody')).items).toEqual([]);
  expect((await api.viewer.get('/clients/nobody/timeline?after=eA')).status).toBe(400);
});
