import { afterAll, beforeAll, expect, test } from 'vitest';
import { PASSWORD, type TestApi, startTestApi } from '../../http/testing/api-client.js';
import type { Operator, OperatorList } from './operator.schemas.js';

let api: TestApi;
beforeAll(async () => (api = await startTestApi()));
afterAll(() => api?.app.close());

async function anOperator(name: string, role = 'viewer'): Promise<Operator> {
  const { status, body } = await api.admin.post<Operator>('/operators', { name, password: PASSWORD, role });
  expect(status).toBe(201);
  return body;
}

async function idOf(name: string): Promise<string> {
  const { body } = await api.admin.get<OperatorList>('/operators');
  return body.items.find((operator) => operator.name === name)?.id ?? '';
}

test('operators are listed by name, without their passwords', async () => {
  const { body } = await api.admin.get<OperatorList>('/operators');
  expect(body.items.map(({ name }) => name)).toEqual(['admin', 'operator', 'viewer']);
  expect(JSON.stringify(body)).not.toMatch(/hash|argon/i);
});

test('a name is taken once', async () => {
  await anOperator('twin');
  const again = await api.admin.post('/operators', { name: 'twin', password: PASSWORD, role: 'admin' });
  expect(again).toMatchObject({ status: 409, body: { code: 'name-taken', errors: [{ path: 'name' }] } });
});

test.each([
  ['a new role', { role: 'operator' }],
  ['a new password', { password: 'another long password' }],
  ['being disabled', { disabled: true }],
])('%s ends the sessions of that operator before the reply', async (_what, patch) => {
  const name = `changed-${Object.keys(patch)[0]}`;
  const { id } = await anOperator(name);
  const browser = await api.browser(name);
  expect((await api.admin.patch(`/operators/${id}`, patch)).status).toBe(200);
  expect((await browser.get('/auth/me')).status).toBe(401);
});

test('a deleted operator is gone, with every session', async () => {
  const { id } = await anOperator('leaver');
  const browser = await api.browser('leaver');
  expect((await api.admin.delete(`/operators/${id}`)).status).toBe(204);
  expect((await browser.get('/auth/me')).status).toBe(401);
  expect((await api.admin.delete(`/operators/${id}`)).status).toBe(404);
  expect((await api.admin.patch('/operators/nothing', { disabled: true })).status).toBe(404);
});

test.each([
  ['demoted', (id: string) => api.admin.patch(`/operators/${id}`, { role: 'operator' })],
  ['disabled', (id: string) => api.admin.patch(`/operators/${id}`, { disabled: true })],
  ['deleted', (id: string) => api.admin.delete(`/operators/${id}`)],
])('the last admin is not %s', async (_what, change) => {
  expect(await change(await idOf('admin'))).toMatchObject({ status: 409, body: { code: 'last-admin' } });
  expect((await api.admin.get('/auth/me')).body).toMatchObject({ role: 'admin', disabled: false });
});

test('two admins who demote each other at one time leave one', async () => {
  const second = await anOperator('second', 'admin');
  const other = await api.browser('second');
  const first = await idOf('admin');
  const answers = await Promise.all([
    api.admin.patch(`/operators/${second.id}`, { role: 'viewer' }),
    other.patch(`/operators/${first}`, { role: 'viewer' }),
  ]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  if (answers[1]?.status === 200) {
    const back = await api.browser('second');
    await back.patch(`/operators/${first}`, { role: 'admin' });
  }
  api.admin.cookie = (await api.browser('admin')).cookie;
});

test('a change is in the audit log with before and after, and without the password', async () => {
  const { id } = await anOperator('audited');
  await api.admin.patch(`/operators/${id}`, { role: 'operator', password: 'another long password' });
  const { body } = await api.admin.get('/audit?object=operator/audited&action=operators.update');
  expect(body.items).toMatchObject([
    { operator: 'admin', before: { role: 'viewer' }, after: { role: 'operator', password: 'changed' } },
  ]);
  expect(JSON.stringify(body)).not.toContain('another long password');
});
