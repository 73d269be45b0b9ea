import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';

let api: TestApi;
beforeAll(async () => (api = await startTestApi()));
afterAll(() => api?.app.close());

test('a user that was created is listed, without anything of the password', async () => {
  const created = await api.operator.post('/users', { username: 'pump-7', password: 'let me in', note: 'north' });
  expect(created).toMatchObject({
    status: 201,
    body: { username: 'pump-7', note: 'north', disabled: false, createdBy: 'operator', onlineClients: 0 },
  });
  const { body } = await api.viewer.get('/users?q=NORTH');
  expect(body).toEqual({ items: [created.body], next: null, total: 1 });
  expect(JSON.stringify(body)).not.toMatch(/argon|hash|let me in/i);
});
