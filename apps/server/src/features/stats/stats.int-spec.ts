import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ApiClient, type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { device } from '../../http/testing/device.js';
import { version } from '../../config/version.js';
import type { Stats } from './stats.schemas.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi({ env: { PERCH_ALLOW_ANONYMOUS: 'true', PERCH_POLICY_DEFAULT: 'allow' } });
});
afterAll(() => api?.app.close());

test('the totals follow what clients do', async () => {
  const client = await device(api.app, { clientId: 'c' });
  client.subscribe('t/#').publish('t/1', 'x');
  await vi.waitFor(() => expect(client.messages).toHaveLength(1));
  const { body } = await api.viewer.get<Stats>('/stats');
  expect(body).toMatchObject({
    version,
    clientsOnline: 1,
    clientsKnown: 1,
    subscriptions: 1,
    connects: 1,
    messagesReceived: 1,
    messagesSent: 1,
  });
});

test('refusals are counted by reason', async () => {
  await device(api.app, { clientId: 'guest', username: 'nobody', password: Buffer.from('guess') });
  const { body } = await api.viewer.get<Stats>('/stats');
  expect(body.refusals).toMatchObject({ 'bad-credentials': 1 });
  expect(Object.values(body.refusals).reduce((sum, count) => sum + count, 0)).toBe(body.refused);
  expect(body.waitingBytes).toBe(0);
  expect(body).toMatchObject({ durableSessions: 0, storedMessages: 0, storedBytes: 0, queueOverflows: 0 });
});

test('what durable sessions are owed is counted', async () => {
  const durable = await device(api.app, { clientId: 'pump-7', clean: false });
  durable.subscribe('owed/#', { qos: 1 });
  await vi.waitFor(() => expect(durable.last('suback')).toBeDefined());
  durable.drop();
  const publisher = await device(api.app, { clientId: 'publisher' });
  publisher.publish('owed/a', '12345', { qos: 1 });
  await vi.waitFor(() => expect(publisher.last('puback')).toBeDefined());
  const { body } = await api.viewer.get<Stats>('/stats');
  expect(body).toMatchObject({ durableSessions: 1, storedMessages: 1, queueOverflows: 0 });
  expect(body.storedBytes).toBeGreaterThanOrEqual(5);
});

test('the server says where devices connect', async () => {
  const { body } = await api.viewer.get('/server');
  const plain = { secure: false, host: '127.0.0.1', socket: null };
  expect(body).toMatchObject({ version, database: 'external', anonymous: true });
  expect(body.listeners).toEqual(
    expect.arrayContaining([
      { ...plain, name: 'http', kind: 'http', port: api.app.httpPort },
      { ...plain, name: 'mqtt', kind: 'mqtt', port: api.app.mqttPort },
      { ...plain, name: 'http', kind: 'mqtt-ws', port: api.app.httpPort, path: '/mqtt' },
      { ...plain, name: 'http', kind: 'json-ws', port: api.app.httpPort, path: '/ws' },
      { ...plain, name: 'http', kind: 'flywheel-ws', port: api.app.httpPort, path: '/broker' },
      { ...plain, name: 'http', kind: 'flock-ws', port: api.app.httpPort, path: '/flight/ws' },
    ]),
  );
});

test('a server that has started is live and ready, to anybody who asks', async () => {
  const root = new ApiClient(api.app.url, '');
  expect(await root.get('/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect(await root.get('/health/ready')).toMatchObject({
    status: 200,
    body: { status: 'ok', details: { database: { status: 'up' }, broker: { status: 'up' } } },
  });
});
