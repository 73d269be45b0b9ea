import { Broker } from '@perch/broker';
import { FakeClock, jsonClient } from '@perch/broker/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type TestApi, startTestApi } from '../http/testing/api-client.js';
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
