import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { as, device } from '../../http/testing/device.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.operator.post('/users', { username: 'pump', password: 'let me in' });
});
afterAll(() => api?.app.close());

test('who is connected is listed page by page, in the words of HMQ and without a password', async () => {
  for (const clientId of ['a', 'b', 'c/d']) await device(api.app, as('pump', 'let me in', clientId));
  const { body } = await api.viewer.get<{ clients: object[]; total: number }>('/connections?limit=2');
  expect(body).toMatchObject({ code: 0, total: 3, clients: [{ clientID: 'a', username: 'pump' }, { clientID: 'b' }] });
  expect(JSON.stringify(body)).not.toContain('let me in');
  const next = await api.viewer.get('/connections?limit=2&after=b');
  expect(next.body).toMatchObject({ clients: [{ clientID: 'c/d', remoteIP: '127.0.0.1' }] });
});

test('a connection is ended, audited, and what is not there is answered alike', async () => {
  const client = await device(api.app, as('pump', 'let me in', 'to/go'));
  expect((await api.viewer.delete('/connections/to%2Fgo')).status).toBe(403);
  const { status, body } = await api.operator.delete('/connections/to%2Fgo');
  expect([status, body]).toEqual([200, { code: 0 }]);
  await vi.waitFor(() => expect(client.isClosed).toBe(true));
  expect((await api.operator.delete('/connections/nobody')).body).toEqual({ code: 0 });
  const { body: audit } = await api.admin.get<{ items: { object: string }[] }>('/audit?action=clients.kick');
  expect(audit.items.map(({ object }) => object)).toEqual(['client/to/go']);
});
