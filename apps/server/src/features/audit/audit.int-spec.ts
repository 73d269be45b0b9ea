import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import type { AuditPage } from './audit.schemas.js';

let api: TestApi;
beforeAll(async () => (api = await startTestApi()));
afterAll(() => api?.app.close());

const list = async (query: string) => (await api.viewer.get<AuditPage>(`/audit${query}`)).body;

test('the log pages from the newest entry to the first, each once', async () => {
  for (let i = 0; i < 7; i++) await api.operator.post('/users', { username: `u${i}`, password: 'let me in' });
  const objects: string[] = [];
  for (let after = ''; ;) {
    const page = await list(`?action=users.create&limit=3${after}`);
    objects.push(...page.items.map(({ object }) => object));
    if (page.next === null) break;
    after = `&after=${page.next}`;
  }
  expect(objects).toEqual([6, 5, 4, 3, 2, 1, 0].map((i) => `user/u${i}`));
});

test('an entry carries the id of the request that made it', async () => {
  const { headers } = await api.operator.post('/users', { username: 'traced', password: 'let me in' });
  const { items } = await list('?object=user/traced');
  expect(items).toMatchObject([{ requestId: headers.get('x-request-id'), address: '127.0.0.1', operator: 'operator' }]);
});

test('filters by operator, by the beginning of an action and by result', async () => {
  await api.viewer.post('/users', { username: 'no', password: 'let me in' });
  expect((await list('?operator=viewer&result=refused')).items).toMatchObject([
    { action: 'users.create', reason: 'not-allowed' },
  ]);
  expect((await list('?action=auth')).items.every(({ action }) => action.startsWith('auth.'))).toBe(true);
  expect((await list('?action=%25')).items).toEqual([]);
});

test('a change that fails leaves no entry of having been done', async () => {
  await api.operator.post('/users', { username: 'once', password: 'let me in' });
  await api.operator.post('/users', { username: 'once', password: 'let me in' });
  const { items } = await list('?action=users.create&limit=2');
  expect(items).toMatchObject([
    { result: 'refused', reason: 'name-taken', object: 'users' },
    { result: 'done', object: 'user/once' },
  ]);
});
