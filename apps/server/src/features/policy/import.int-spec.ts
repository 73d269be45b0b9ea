import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import type { ImportAnswer, ImportReport } from './import.schemas.js';
import { type Saver, saver } from './testing/saver.js';

let api: TestApi;
let policy: Saver;
beforeAll(async () => {
  api = await startTestApi();
  policy = saver(api);
});
afterAll(() => api?.app.close());

const aclFile = 'user joy\ntopic readwrite plant/#\n\npattern write dev/%c/state\n';
/** As mosquitto_ctrl writes it: a PBKDF2 hash of “secret”, with its salt, in Base64. */
const password = { password: 'x'.repeat(86) + '==', salt: 'c2FsdHNhbHRzYWx0', iterations: 101 };
const dynsec = JSON.stringify({
  defaultACLAccess: { publishClientSend: false, publishClientReceive: true, subscribe: false, unsubscribe: true },
  clients: [
    { username: 'pump', clientid: 'pump-1', roles: [{ rolename: 'press' }], ...password },
    { username: 'lamp', roles: [] },
  ],
  groups: [],
  roles: [
    {
      rolename: 'press',
      acls: [
        { acltype: 'publishClientSend', topic: 'plant/#', allow: true },
        { acltype: 'subscribePattern', topic: 'plant/+', allow: true },
      ],
    },
  ],
});

test('a Mosquitto acl_file is told with its rules, and changes nothing until it is imported', async () => {
  const file = { format: 'mosquitto-acl', text: aclFile };
  const { revision } = await policy.live();
  const { body } = await api.viewer.post<ImportReport>('/policy/import/analyse', file);
  expect(body.errors).toEqual([]);
  expect(body.rules.flatMap(({ topics }) => topics)).toEqual(expect.arrayContaining(['plant/#', 'dev/%c/state']));
  expect((await policy.live()).revision).toBe(revision);
  const imported = await api.operator.post<ImportAnswer>('/policy/import', { ...file, mode: 'replace' });
  expect(imported).toMatchObject({ status: 200, body: { revision: revision + 1, users: null, lost: { total: 0 } } });
  const live = await policy.live();
  expect(live.rules.map(({ id: _id, ...rule }) => rule)).toEqual(body.rules);
  expect(live.message).toBe(`Imported ${body.rules.length} rules from mosquitto-acl`);
});

test('every error of a file has its place, and nothing of it is imported', async () => {
  const file = { format: 'mosquitto-acl', text: 'topic readwrite\nuser joy\ntopic maybe a/#/b\n' };
  const { body } = await api.viewer.post<ImportReport>('/policy/import/analyse', file);
  expect(body.errors.map(({ line }) => line)).toEqual(expect.arrayContaining([3]));
  const { revision } = await policy.live();
  const refused = await api.operator.post('/policy/import', { ...file, mode: 'replace' });
  expect(refused).toMatchObject({ status: 422, body: { errors: body.errors.map(({ message }) => ({ message })) } });
  expect((await policy.live()).revision).toBe(revision);
});

test('a dynamic-security document brings its users along, without showing their hashes', async () => {
  const file = { format: 'mosquitto-dynsec', text: dynsec };
  const report = await api.viewer.post<ImportReport>('/policy/import/analyse', file);
  expect(report.body.errors).toEqual([]);
  expect(report.body.users).toMatchObject([
    { username: 'pump', hasPassword: true, clientId: 'pump-1' },
    { username: 'lamp', hasPassword: false },
  ]);
  expect(JSON.stringify(report.body)).not.toContain('xxxx');
  const tried = await api.operator.post<ImportAnswer>('/policy/import', {
    ...file,
    mode: 'replace',
    users: 'import',
    dryRun: true,
  });
  expect(tried.body.users).toMatchObject({ applied: false, created: 1 });
  expect((await api.viewer.get('/users')).body).toMatchObject({ items: [] });
  const done = await api.operator.post<ImportAnswer>('/policy/import', { ...file, mode: 'replace', users: 'import' });
  expect(done).toMatchObject({ status: 200, body: { users: { applied: true, created: 1 } } });
  const labels = report.body.users[0]?.labels ?? [];
  expect(labels).not.toEqual([]);
  expect((await api.viewer.get('/users')).body).toMatchObject({
    items: [{ username: 'pump', labels, clientIdBinding: { kind: 'exact', text: 'pump-1' } }],
  });
  const may = { client: { clientId: 'pump-1', username: 'pump', labels }, action: 'publish', topic: 'plant/temp' };
  expect((await api.viewer.post('/policy/explain', may)).body).toMatchObject({ allowed: true });
});
