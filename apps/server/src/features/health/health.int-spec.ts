import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { Database } from '../../database/database.js';
import { type TestApi, ApiClient, startTestApi } from '../../http/testing/api-client.js';
import { device } from '../../http/testing/device.js';

let api: TestApi;
let root: ApiClient;
beforeAll(async () => {
  const env = { PERCH_ALLOW_ANONYMOUS: 'true', PERCH_POLICY_DEFAULT: 'allow', PERCH_LOG_LEVEL: 'silent' };
  api = await startTestApi({ env });
  root = new ApiClient(api.app.url, '');
});
afterAll(() => api?.app.close());

const sql = (text: string) => api.app.app.get(Database).pool.query(text);

test.each([
  { part: 'sessions', table: 'session_deliveries', retain: false },
  { part: 'retained', table: 'retained_messages', retain: true },
])('while $part cannot be written nothing of it is acknowledged and the server is not ready', async (row) => {
  const { part, table, retain } = row;
  const sleeper = await device(api.app, { clientId: 'sleeper', clean: false });
  sleeper.subscribe('owed/#', { qos: 1 });
  await vi.waitFor(() => expect(sleeper.last('suback')).toBeDefined());
  sleeper.send({ cmd: 'disconnect' });
  const publisher = await device(api.app, { clientId: 'publisher' });

  await sql(`ALTER TABLE ${table} RENAME TO gone`);
  publisher.send({ cmd: 'publish', topic: `owed/${part}`, payload: 'x', qos: 1, messageId: 1, retain, dup: false });
  await vi.waitFor(async () =>
    expect(await root.get('/health/ready')).toMatchObject({ status: 503, body: { errors: [{ path: part }] } }),
  );
  expect(publisher.last('puback')).toBeUndefined();
  expect((await root.get('/health/live')).status).toBe(200);

  await sql(`ALTER TABLE gone RENAME TO ${table}`);
  await vi.waitFor(() => expect(publisher.last('puback')).toBeDefined(), { timeout: 10_000 });
  await vi.waitFor(async () => expect((await root.get('/health/ready')).status).toBe(200));
  const awake = await device(api.app, { clientId: 'sleeper', clean: false });
  await vi.waitFor(() => expect(awake.messages.filter((each) => each === `owed/${part}=x`)).toHaveLength(1));
});
