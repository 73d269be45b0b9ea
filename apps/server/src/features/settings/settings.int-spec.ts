import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Broker } from '@perch/broker';
import { expect, onTestFinished, test } from 'vitest';
import { as, device } from '../../http/testing/device.js';
import { PASSWORD, startTestApi } from '../../http/testing/api-client.js';
import { RunningSettings } from '../../config/running-settings.js';
import { configSchema } from '../../config/config.schema.js';
import { TestAuthority } from '../../testing/certificates.js';
import { scratchFolder } from '../../testing/scratch-folder.js';
import type { Setting } from './setting.schemas.js';

async function start(env: Record<string, string> = {}) {
  const api = await startTestApi({ env });
  onTestFinished(() => api.app.close());
  const settings = async () => {
    const { items } = (await api.admin.get('/settings')).body as { items: Setting[] };
    return (key: string) => items.find((each) => each.key === key)!;
  };
  return { ...api, settings };
}

test('a setting says what it is, what holds, and which variable settles it', async () => {
  const { settings } = await start({ PERCH_MAX_CONNECTIONS: '500', PERCH_ADMIN_PASSWORD: PASSWORD });
  const named = await settings();
  expect(named('maxConnections')).toMatchObject({
    section: 'limits',
    kind: 'number',
    min: 1,
    max: 1_000_000,
    value: 500,
    defaultValue: 20_000,
    source: 'environment',
    place: 'the environment variable PERCH_MAX_CONNECTIONS',
    isLocked: true,
    applies: 'now',
  });
  expect(named('whenQueueFull')).toMatchObject({ kind: 'choice', choices: ['drop', 'refuse'], source: 'default' });
  expect(named('queueQos0')).toMatchObject({ kind: 'switch', value: false });
  expect(named('httpPort')).toMatchObject({ applies: null, value: 0 });
  expect(named('adminPassword')).toMatchObject({ isSecret: true, isSet: true, value: null });
  expect(JSON.stringify((await settings())('databaseUrl'))).not.toContain('postgres://');
});

test('a change holds at once for clients that are connected, is in the audit log, and null brings the default back', async () => {
  const { admin, app, settings } = await start();
  await admin.post('/users', { username: 'joy', password: 'joy-password-1' });
  const pump = await device(app, as('joy', 'joy-password-1', 'pump'));
  const changes = { maxSubscriptions: 1, brokerName: 'Plant 7' };
  const changed = await admin.patch('/settings', { changes });
  expect(changed.status).toBe(200);
  expect((await settings())('maxSubscriptions')).toMatchObject({ value: 1, source: 'dashboard', isPending: false });
  expect((await admin.get('/server')).body).toMatchObject({ name: 'Plant 7' });
  const { app: nest } = app;
  expect(nest.get(Broker).limits.subscriptionsPerSession).toBe(1);
  expect(pump.isClosed).toBe(false);
  const { items } = (await admin.get('/audit?action=settings.change')).body as { items: object[] };
  expect(items[0]).toMatchObject({ action: 'settings.change', after: changes });
  await admin.patch('/settings', { changes: { maxSubscriptions: null } });
  expect((await settings())('maxSubscriptions')).toMatchObject({ value: 10_000, source: 'default' });
  expect(nest.get(Broker).limits.subscriptionsPerSession).toBe(10_000);
});

test('what clients were told waits for the next start, and says so', async () => {
  const { admin, settings } = await start();
  await admin.patch('/settings', { changes: { maxPacketBytes: 4096 } });
  expect((await settings())('maxPacketBytes')).toMatchObject({
    value: 1_048_576,
    saved: 4096,
    isPending: true,
    source: 'dashboard',
    applies: 'restart',
  });
});

test('a locked, unknown, secret or wrong value is refused with its field, and nothing of it is saved', async () => {
  const { admin, settings } = await start({ PERCH_MAX_CONNECTIONS: '500' });
  const changes = {
    maxConnections: 5,
    httpPort: 1,
    metricsToken: 'x',
    nonsense: 1,
    maxSubscriptions: 0,
    queueQos0: true,
  };
  const { status, body } = await admin.patch('/settings', { changes });
  expect(status).toBe(422);
  const errors = body.errors as { path: string; message: string }[];
  expect(errors.map(({ path }) => path)).toEqual([
    'changes.maxConnections',
    'changes.httpPort',
    'changes.metricsToken',
    'changes.nonsense',
    'changes.maxSubscriptions',
  ]);
  expect(errors[0]?.message).toContain('PERCH_MAX_CONNECTIONS');
  expect((await settings())('queueQos0')).toMatchObject({ value: false, source: 'default' });
});

test('a viewer reads settings and changes none', async () => {
  const { viewer } = await start();
  expect((await viewer.get('/settings')).status).toBe(200);
  expect((await viewer.patch('/settings', { changes: { queueQos0: true } })).status).toBe(403);
});

test('certificates are told with their end, and what is wrong with their file', async () => {
  const authority = await TestAuthority.create();
  const { cert, key } = await authority.issue({ name: 'localhost' });
  const folder = scratchFolder();
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key);
  const { admin } = await start({
    PERCH_TLS_CERT: files.cert,
    PERCH_TLS_KEY: files.key,
    PERCH_HTTPS_PORT: '0',
    PERCH_MQTTS_PORT: '0',
  });
  const listed = async () => ((await admin.get('/settings/certificates')).body as { items: object[] }).items[0];
  expect(await listed()).toMatchObject({ file: files.cert, listeners: ['https', 'mqtts'], problem: null });
  writeFileSync(files.cert, 'no certificate');
  expect(await listed()).toMatchObject({
    validUntil: null,
    problem: expect.stringContaining('cannot be read') as string,
  });
});

test('what was saved holds at the next start, but never over the configuration or past the schema', () => {
  const configured = configSchema.parse({ maxConnections: 7 });
  const origins = new Map([['maxConnections', { kind: 'flag', place: 'the flag --max-connections' }]] as const);
  const kept = { maxConnections: 9, maxPacketBytes: 4096, maxSubscriptions: -1, gone: true };
  const { config, problems } = new RunningSettings(configured, origins, kept);
  expect(config).toMatchObject({ maxConnections: 7, maxPacketBytes: 4096, maxSubscriptions: 10_000 });
  expect(problems).toHaveLength(2);
});
