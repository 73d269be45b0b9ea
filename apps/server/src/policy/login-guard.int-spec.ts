import { Broker } from '@perch/broker';
import { FakeClock, jsonClient } from '@perch/broker/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type TestApi, startTestApi } from '../http/testing/api-client.js';
import type { AuditPage } from '../features/audit/audit.schemas.js';
import type { LoginBan, LoginBanList } from '../features/users/login-ban.schemas.js';
import type { User } from '../features/users/user.schemas.js';
import { as, device } from '../http/testing/device.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ env: { PERCH_MAX_FAILED_LOGINS: '3', PERCH_LOGIN_BAN_SECONDS: '2' } });
  for (const username of ['pump', 'valve']) await api.operator.post('/users', { username, password: 'let me in' });
});
afterAll(() => api?.app.close());

/** The code that a JSON client is told when it binds with this password. */
async function bind(username: string, password: string): Promise<string | null> {
  const it = { broker: api.app.app.get(Broker), clock: new FakeClock(), faults: [] };
  const client = jsonClient(it, { username, password });
  await vi.waitFor(() => expect(client.last('result') ?? client.frames.length > 1).toBeTruthy());
  return client.last('result')?.error?.code ?? null;
}

test('guesses over all protocols are counted together; the ban ends, and is nobody else’s', async () => {
  const guess = async (i: number) =>
    (await device(api.app, as('pump', `guess ${i}`, `g${i}`))).last('connack')?.returnCode;
  expect([await guess(1), await guess(2)]).toEqual([4, 4]);
  expect(await bind('pump', 'guess 3')).toBe('bad-credentials');
  expect(await guess(4)).toBe(5);
  expect(await bind('pump', 'let me in')).toBe('not-authorized'); // perch.json has no other word for it
  expect(await bind('valve', 'let me in')).toBeNull();
  const { refusals } = (await api.viewer.get<{ refusals: Record<string, number> }>('/stats')).body;
  expect(refusals).toMatchObject({ 'bad-credentials': 3, banned: 2 });
  await vi.waitFor(async () => expect(await bind('pump', 'let me in')).toBeNull(), { timeout: 8000, interval: 500 });
});

test('a user that is kept out at one address is not locked, and an operator lifts it there, and takes that back', async () => {
  const { body: user } = await api.operator.post<User>('/users', { username: 'meter', password: 'let me in' });
  const at = `/users/${user.id}/login-bans`;
  const code = async (password: string) =>
    (await device(api.app, as('meter', password, 'm'))).last('connack')?.returnCode;
  for (let i = 1; i <= 3; i++) await code(`guess ${i}`);
  expect(await code('let me in')).toBe(5);
  expect((await api.viewer.get(`/users/${user.id}`)).body).toMatchObject({ state: 'active', ban: null });
  const { items } = (await api.viewer.get<LoginBanList>(at)).body;
  const [ban] = items;
  expect(items).toHaveLength(1);
  if (!ban) throw new Error('there is none');
  expect(Date.parse(ban.until) - Date.parse(ban.since)).toBe(2000);
  const query = `?address=${encodeURIComponent(ban.address)}`;
  expect((await api.operator.delete('/users/nobody/login-bans?address=local')).status).toBe(404);
  expect((await api.operator.delete(`${at}?address=192.0.2.7`)).status).toBe(404);
  expect((await api.operator.delete<LoginBan>(at + query)).body.address).toBe(ban.address);
  expect([(await api.viewer.get(at)).body, await code('let me in')]).toEqual([{ items: [] }, 0]);
  const until = new Date(Date.now() + 100_000).toISOString();
  const again = await api.operator.post<LoginBan>(at, { address: ban.address, until });
  // What was verified a moment ago is let in without being judged again.
  expect([again.status, await code('guess 4'), await code('let me in')]).toEqual([201, 5, 0]);
  expect(Date.parse(again.body.until)).toBeLessThan(Date.parse(until) - 90_000);
  expect((await api.operator.post(at, { address: ban.address, until: ban.since })).status).toBe(422);
  const audit = await api.admin.get<AuditPage>('/audit?object=user%2Fmeter&match=exact');
  expect(audit.body.items.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['users.liftLoginBan', 'users.loginBan']),
  );
});
