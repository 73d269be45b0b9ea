import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type TestApi, ApiClient, startTestApi } from './testing/api-client.js';
import { type BreakableDatabase, breakableDatabase } from './testing/breakable-database.js';
import { as, device } from './testing/device.js';

let api: TestApi;
let database: BreakableDatabase;
let root: ApiClient;
beforeAll(async () => {
  database = await breakableDatabase();
  api = await startTestApi({ env: { DATABASE_URL: database.url, PERCH_LOG_LEVEL: 'silent' } });
  root = new ApiClient(api.app.url, '');
  for (const username of ['known', 'stranger']) await api.admin.post('/users', { username, password: 'let me in' });
  await device(api.app, as('known', 'let me in', 'first'));
  await api.viewer.get('/auth/me');
});
afterAll(async () => {
  await api?.app.close();
  await database?.drop();
});

test('while the database is away, what lives goes on, what must be kept is refused, and it heals by itself', async () => {
  await database.cut();

  const known = await device(api.app, as('known', 'let me in', 'second'));
  expect(known.last('connack')).toMatchObject({ returnCode: 0 });
  const unknown = await device(api.app, as('stranger', 'let me in', 'third'));
  expect(unknown.last('connack')).toMatchObject({ returnCode: 3 });

  expect((await api.viewer.get('/clients')).body).toMatchObject({ online: 2 });
  const refused = await api.admin.post('/users', { username: 'new', password: 'let me in' });
  expect(refused).toMatchObject({ status: 503, body: { code: 'database-unavailable' } });
  expect(JSON.stringify(refused.body)).not.toMatch(/prisma|ECONN|127\.0\.0\.1|terminated/i);
  expect((await api.admin.post('/clients/first/kick')).status).toBe(503);
  expect((await api.viewer.get('/clients/first')).body).toMatchObject({ online: true });
  expect(await root.get('/health/ready')).toMatchObject({ status: 503, body: { errors: [{ path: 'database' }] } });
  expect(await root.get('/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });

  await database.restore();
  await vi.waitFor(async () => expect((await root.get('/health/ready')).status).toBe(200), { timeout: 10_000 });
  expect((await api.admin.post('/users', { username: 'new', password: 'let me in' })).status).toBe(201);
  const back = await device(api.app, as('stranger', 'let me in', 'third'));
  expect(back.last('connack')).toMatchObject({ returnCode: 0 });
});
