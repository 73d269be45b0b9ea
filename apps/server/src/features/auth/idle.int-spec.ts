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

test('how long that is, is a setting, and a change counts for those who are signed in', async () => {
  api.admin.cookie = (await api.browser('admin')).cookie;
  await rested(20);
  expect((await me(idle)).secondsLeft).toBeGreaterThan(11 * 3600);
  expect((await api.admin.patch('/settings', { changes: { signInIdleMinutes: 30 } })).status).toBe(200);
  await rested(20);
  expect((await me(idle)).secondsLeft).toBeLessThanOrEqual(600);
  const list = await api.admin.get<{ items: { isCurrent: boolean; endsAt: string }[] }>('/account/sessions', idle);
  const current = list.body.items.find(({ isCurrent }) => isCurrent)!;
  expect(Date.parse(current.endsAt) - Date.now()).toBeLessThanOrEqual(600_000);
  await rested(31);
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

test.each([
  ['an event stream', '/subscribe?filter=a', null],
  ['a live tail', '/tails', JSON.stringify({ filter: 'a' })],
])('%s that is open ends with the sign-in that nobody uses', async (_what, path, body) => {
  api.admin.cookie = (await api.browser('admin')).cookie;
  expect((await api.admin.patch('/settings', { changes: { signInIdleMinutes: 60 } })).status).toBe(200);
  await rested(59.95);
  const headers = { cookie: api.admin.cookie, 'content-type': 'application/json', ...idle };
  const method = body === null ? 'GET' : 'POST';
  const stream = await fetch(`${api.app.url}/api/v1${path}`, { method, headers, body });
  expect(stream.status).toBe(200);
  await stream.text();
  expect((await api.admin.get('/auth/me')).status).toBe(401);
});
