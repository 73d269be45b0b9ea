import type { OpenAPIObject } from '@nestjs/swagger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ApiClient } from '../../http/testing/api-client.js';
import { startTestApi, type TestApi } from '../../http/testing/api-client.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.operator.put('/retained/message?topic=door/state', { payload: 'open' });
});
afterAll(() => api?.app.close());

const set = (payloadsReadBy: string | null) => api.admin.patch('/settings', { changes: { payloadsReadBy } });
const reads = async (client: ApiClient) => (await client.get('/retained/message?topic=door/state')).status === 200;
const readers = async () => [await reads(api.viewer), await reads(api.operator), await reads(api.admin)];

test.each([
  [null, [false, true, true]],
  ['viewer', [true, true, true]],
  ['admin', [false, false, true]],
  ['nobody', [false, false, false]],
])('with the setting %s, viewer, operator and admin read payloads as %j says', async (least, expected) => {
  await set(least);
  expect(await readers()).toEqual(expected);
  for (const [index, client] of [api.viewer, api.operator, api.admin].entries()) {
    const { permissions } = (await client.get<{ permissions: string[] }>('/auth/me')).body;
    expect(permissions.includes('messages:read')).toBe(expected[index]);
  }
  await set(null);
});

test('whoever may not is refused at every route that shows what messages hold, with an API key too', async () => {
  const document = (await (await fetch(`${api.app.url}/api/openapi.json`)).json()) as OpenAPIObject;
  const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, { 'x-permission'?: string }>)
      .filter(([, operation]) => operation['x-permission'] === 'messages:read')
      .map(([method]) => ({ method: method.toUpperCase(), path: path.replace('/api/v1', '') })),
  );
  expect(routes.map(({ path }) => path)).toEqual(expect.arrayContaining(['/retained/message', '/tails']));
  await set('admin');
  const made = await api.admin.post<{ secret: string }>('/api-keys', {
    name: 'reader',
    role: 'operator',
    expiresAt: null,
  });
  const key = { authorization: `Bearer ${made.body.secret}` };
  for (const { method, path } of routes) {
    const body = method === 'GET' ? undefined : {};
    for (const [client, headers] of [
      [api.operator, {}],
      [api.stranger, key],
    ] as const) {
      const answer = await client.send<{ detail: string }>(method, path, { body, headers });
      expect([answer.status, answer.body.detail], `${method} ${path}`).toEqual([
        403,
        expect.stringContaining('messages:read'),
      ]);
    }
  }
  await set(null);
});

test('what is put, deleted and restored shows its payload to nobody', async () => {
  await set('nobody');
  const put = await api.operator.put('/retained/message?topic=door/lock', { payload: 'a secret code' });
  expect(put).toMatchObject({ status: 200, body: { topic: 'door/lock', size: 13 } });
  expect((await api.operator.delete('/retained/message?topic=door/lock')).status).toBe(204);
  const restored = await api.operator.post('/retained/message/restore?topic=door/lock');
  expect(restored).toMatchObject({ status: 200, body: { size: 13 } });
  for (const { body } of [put, restored]) expect(body).not.toHaveProperty('payload');
  await set(null);
});

test('a live tail ends when its operator may no longer read', async () => {
  const response = await fetch(`${api.app.url}/api/v1/tails`, {
    method: 'POST',
    headers: { cookie: api.operator.cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ filter: 'door/#' }),
  });
  expect(response.status).toBe(200);
  await set('admin');
  const lines = (await response.text()).trim().split('\n');
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ type: 'ended', reason: 'signed-out' });
  await set(null);
});
