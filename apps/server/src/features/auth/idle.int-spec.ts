import { afterAll, beforeAll, expect, test } from 'vitest';
import { PrismaService } from '../../database/prisma.service.js';
import { startTestApi, type TestApi } from '../../http/testing/api-client.js';

let api: TestApi;
beforeAll(async () => (api = await startTestApi()));
afterAll(() => api?.app.close());

const MINUTE_MS = 60_000;
const idle = { 'perch-idle': '1' };

/** Somebody was there last so long ago. */
async function rested(minutes: number) {
  const lastSeenAt = new Date(Date.now() - minutes * MINUTE_MS);
  await api.app.app.get(PrismaService).operatorSession.updateMany({ data: { lastSeenAt } });
}

const me = async (headers = {}) =>
  (await api.admin.get<{ secondsLeft: number; mayStay: boolean }>('/auth/me', headers)).body;

test('what a page asks by itself keeps nobody signed in, and what a person does keeps them', async () => {
  await rested(12 * 60 - 1);
  for (let count = 0; count < 3; count++) {
    const { secondsLeft } = await me(idle);
    expect(secondsLeft).toBeLessThanOrEqual(60);
  }
  expect(await me()).toMatchObject({ secondsLeft: 12 * 3600, mayStay: true });
  expect((await me(idle)).secondsLeft).toBeGreaterThan(11 * 3600);
  await rested(12 * 60 + 1);
  expect((await api.admin.get('/auth/me')).status).toBe(401);
});

test('a sign-in that ends in any case says so; an API key has no idle end', async () => {
  api.admin.cookie = (await api.browser('admin')).cookie;
  const expiresAt = new Date(Date.now() + 90_000);
  await api.app.app.get(PrismaService).operatorSession.updateMany({ data: { expiresAt } });
  const left = await me();
  expect(left.mayStay).toBe(false);
  expect(left.secondsLeft).toBeLessThanOrEqual(90);
  const made = await api.admin.post<{ secret: string }>('/api-keys', { name: 'k', role: 'viewer', expiresAt: null });
  const asKey = await api.stranger.get('/auth/me', { authorization: `Bearer ${made.body.secret}` });
  expect(asKey.body).toMatchObject({ secondsLeft: null, mayStay: false });
});
