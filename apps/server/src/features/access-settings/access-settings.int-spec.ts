import { once } from 'node:events';
import { SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { as, device } from '../../http/testing/device.js';
import { HookServer } from '../../policy/testing/hook-server.js';
import type { AuditPage } from '../audit/audit.schemas.js';
import type { ClientDetail } from '../clients/client.schemas.js';
import type { RefusalPage } from '../refusals/refusal.schemas.js';
import type { AccessDoc, AccessStatus, TryResult } from './access-settings.schemas.js';

const SECRET = 'a secret of more than thirty-two bytes';
const users = { id: 'users', kind: 'users' };
const anonymous = { id: 'anonymous', kind: 'anonymous' };
const policy = { id: 'policy', kind: 'policy' };
const ownRules = { id: 'own-rules', kind: 'own-rules' };
const jwt = {
  id: 'jwt',
  kind: 'jwt',
  algorithms: ['HS256'],
  key: { kind: 'secret', secret: { value: SECRET } },
  labelsClaim: 'labels',
};
const http = (url: string) => ({
  id: 'hook',
  kind: 'http',
  url,
  headers: [{ name: 'x-key', value: { value: 'the key of the hook' } }],
});

let api: TestApi;
let hook: HookServer;
beforeAll(async () => {
  hook = await HookServer.start(() => ({ body: { result: 'ignore' } }));
  api = await startTestApi();
  await api.admin.post('/users', { username: 'pump', password: 'let me in' });
});
afterAll(async () => {
  await api?.app.close();
  await hook?.stop();
});
afterEach(() => hook.answer(() => ({ body: { result: 'ignore' } })));

const live = async () => (await api.viewer.get<AccessDoc>('/settings/access')).body;

async function save(authenticators: object[], more: { authorizers?: object[]; reconnect?: boolean } = {}) {
  const { revision } = await live();
  const body = { authenticators, authorizers: [ownRules, policy], ...more };
  return api.admin.put<AccessDoc>('/settings/access', body, { 'if-match': `"${revision}"` });
}

async function token(claims: object = {}) {
  return new SignJWT({ sub: 'lathe', ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(Buffer.from(SECRET));
}

const comesIn = async (options: Parameters<typeof device>[1]) =>
  (await device(api.app, options)).last('connack')?.returnCode === 0;

const nobody = { clientId: 'nobody' };

/** Whether a subscription was granted. */
async function granted(client: Awaited<ReturnType<typeof device>>, filter: string) {
  const before = client.received('suback').length;
  client.subscribe(filter);
  await vi.waitFor(() => expect(client.received('suback')).toHaveLength(before + 1));
  return client.last('suback')?.granted?.[0] === 0;
}

test('a new server asks certificates, users, and takes nobody without credentials; anybody may read it', async () => {
  const { body, headers } = await api.viewer.get<AccessDoc>('/settings/access');
  expect(body).toMatchObject({ revision: 0, savedBy: null, isLocked: false, allowsAnonymous: false });
  expect(body.authenticators.map(({ kind }) => kind)).toEqual(['certificate', 'users', 'anonymous']);
  expect(body.authorizers.map(({ kind }) => kind)).toEqual(['own-rules', 'policy']);
  expect(headers.get('etag')).toBe('"0"');
  expect(await comesIn(as('pump', 'let me in', 'c'))).toBe(true);
  expect(await comesIn(nobody)).toBe(false);
});

describe('saving', () => {
  test('is for admins, and needs to know what it replaces', async () => {
    expect(await api.operator.put('/settings/access', {})).toMatchObject({ status: 403 });
    const body = { authenticators: [users], authorizers: [policy] };
    expect(await api.admin.put('/settings/access', body)).toMatchObject({ status: 428 });
    expect((await save([users])).status).toBe(200);
    const late = await api.admin.put('/settings/access', body, { 'if-match': '"0"' });
    expect(late).toMatchObject({ status: 412, body: { code: 'revision-mismatch' } });
  });

  test('names every field that does not fit', async () => {
    const pem = { kind: 'pem', pem: 'no key' };
    const answer = await save([users, users, { ...jwt, key: pem }], { authorizers: [http(hook.url), ownRules] });
    expect(answer.status).toBe(422);
    const { errors } = answer.body as unknown as { errors: { path: string }[] };
    expect(errors.map(({ path }) => path)).toEqual([
      'authenticators.1.id',
      'authenticators.1.kind',
      'authenticators.2.key.pem',
      'authorizers',
      'authorizers.0',
    ]);
    expect(await save([http('ftp://127.0.0.1')])).toMatchObject({ status: 422 });
    expect(await save([http('http://name:secret@127.0.0.1')])).toMatchObject({ status: 422 });
  });

  test('never gives a secret away, keeps it where none is sent, and sends it to nobody else', async () => {
    await save([jwt, http(hook.url)]);
    const doc = await live();
    const audit = await api.admin.get<AuditPage>('/audit?object=settings/access');
    const replacedSecrets = ['authenticators.0.key.secret', 'authenticators.1.headers.0.value'];
    expect(audit.body.items[0]?.after).toMatchObject({ replacedSecrets });
    const shown = JSON.stringify([doc, audit.body]);
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain('the key of the hook');
    expect(await save(doc.authenticators)).toMatchObject({ status: 200 });
    hook.answer(() => ({ body: { result: 'allow' } }));
    expect(await comesIn(as('anybody', 'x', 'c1'))).toBe(true);
    expect(hook.asked.at(-1)?.headers['x-key']).toBe('the key of the hook');
    const elsewhere = doc.authenticators.map((one) => ('url' in one ? { ...one, url: 'http://127.0.0.1:9' } : one));
    expect(await save(elsewhere)).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'authenticators.1.headers.0.value' }] },
    });
    expect(await save([{ ...http(hook.url), headers: [{ name: 'new', value: { isSet: true } }] }])).toMatchObject({
      status: 422,
    });
  });

  test('is in the audit log with what was before and what is now', async () => {
    const { body } = await save([users]);
    await save([users, { ...anonymous, allow: 'yes' }]);
    const audit = await api.admin.get<AuditPage>('/audit?object=settings/access');
    const [entry] = audit.body.items;
    expect(entry).toMatchObject({
      action: 'settings.access',
      operator: 'admin',
      before: { revision: body.revision, authenticators: [{ kind: 'users' }] },
      after: { revision: body.revision + 1, authenticators: [{ kind: 'users' }, { kind: 'anonymous', allow: 'yes' }] },
    });
  });
});

describe('clients', () => {
  test('come in by what is in the chain now, without a restart', async () => {
    await save([users, { ...anonymous, allow: 'yes' }]);
    expect(await comesIn(nobody)).toBe(true);
    await save([users, { ...anonymous, allow: 'yes', enabled: false }]);
    expect(await comesIn(nobody)).toBe(false);
    await save([anonymous]);
    expect(await comesIn(as('pump', 'let me in', 'c'))).toBe(false);
    await save([users]);
    expect(await comesIn(as('pump', 'let me in', 'c'))).toBe(true);
  });

  test('come in by a token, as the user and with the rights that it says', async () => {
    await save([users, jwt]);
    const acl = [{ access: 'sub', topics: ['own/%u'] }];
    const client = await device(api.app, as('lathe', await token({ acl }), 'c2'));
    expect(client.last('connack')?.returnCode).toBe(0);
    expect([await granted(client, 'own/other'), await granted(client, 'own/lathe')]).toEqual([false, true]);
    // Rights that came with credentials count for nothing from now on.
    await save([users, jwt], { authorizers: [{ ...ownRules, enabled: false }, policy] });
    expect(await granted(client, 'own/lathe')).toBe(false);
    expect(await comesIn(as('lathe', `${(await token()).slice(0, -4)}AAAA`, 'c3'))).toBe(false);
    expect(await comesIn(as('admin', await token(), 'c3'))).toBe(false);
  });

  test('a user of the database with a wrong password is refused, an unknown one is left to the hook', async () => {
    await save([users, http(hook.url)]);
    hook.answer(({ body }) => ({ body: { result: body.includes('"tester"') ? 'allow' : 'deny' } }));
    const before = hook.asked.length;
    expect(await comesIn(as('pump', 'wrong', 'c'))).toBe(false);
    expect(hook.asked).toHaveLength(before);
    expect(await comesIn(as('tester', 'any', 'c'))).toBe(true);
    expect(await comesIn(as('stranger', 'any', 'c'))).toBe(false);
    expect(hook.asked).toHaveLength(before + 2);
    // Somebody of this name comes to be.
    await api.admin.post('/users', { username: 'tester', password: 'of my own' });
    expect(await comesIn(as('tester', 'any', 'c'))).toBe(false);
    expect(await comesIn(as('tester', 'of my own', 'c'))).toBe(true);
  });

  test('what the hook said is forgotten when that is asked', async () => {
    await save([http(hook.url)]);
    hook.answer(() => ({ body: { result: 'allow' } }));
    expect(await comesIn(as('anybody', 'x', 'c'))).toBe(true);
    hook.answer(() => ({ body: { result: 'deny' } }));
    expect(await comesIn(as('anybody', 'x', 'c'))).toBe(true);
    expect(await api.operator.post('/settings/access/invalidate', {})).toMatchObject({ status: 403 });
    expect(await api.admin.post('/settings/access/invalidate', { username: 'anybody' })).toMatchObject({ status: 204 });
    expect(await comesIn(as('anybody', 'x', 'c'))).toBe(false);
  });

  test('are told to come later while the hook is down, and operators why', async () => {
    const gone = await HookServer.start(() => 'never');
    const { url } = gone;
    await gone.stop();
    await save([http(url)]);
    const client = await device(api.app, { ...as('anybody', 'x', 'c'), protocolVersion: 5 });
    expect(client.last('connack')).toMatchObject({ reasonCode: 0x88 });
    const { body } = await api.viewer.get<AccessStatus>('/settings/access/status');
    expect(body.authenticators).toMatchObject([{ id: 'hook', failed: 1 }]);
    expect(body.authenticators[0]?.problem).toContain('ECONNREFUSED');
  });

  test('all come in anew where that is asked', async () => {
    await save([users, { ...anonymous, allow: 'yes' }]);
    const [known, other] = [await device(api.app, as('pump', 'let me in', 'k')), await device(api.app, nobody)];
    await save([users]);
    expect([known.isClosed, other.isClosed]).toEqual([false, false]);
    await save([users], { reconnect: true });
    expect([known.isClosed, other.isClosed]).toEqual([true, true]);
  });
});

describe('the hook among the authorizers', () => {
  const authorizers = [ownRules, policy, { ...http(''), cacheSeconds: 60 }];
  const asked = () => authorizers.map((one) => ('url' in one ? { ...one, url: hook.url } : one));
  const says = (result: string, fields = {}) => hook.answer(() => ({ body: { result, ...fields } }));

  const refusals = async () => {
    const { body } = await api.viewer.get<RefusalPage>('/refusals?clientId=asked');
    return body.items.map(({ topic, decider, ruleId }) => [topic, decider, ruleId]);
  };

  test('is asked where no rule decides, and a client loses at once what it says no to', async () => {
    await save([users], { authorizers: asked() });
    const client = await device(api.app, as('pump', 'let me in', 'asked'));
    says('deny');
    expect(await granted(client, 'plant/1')).toBe(false);
    says('allow');
    expect(await granted(client, 'plant/2')).toBe(true);
    expect(JSON.parse(hook.asked.at(-1)?.body ?? '')).toMatchObject({
      clientId: 'asked',
      username: 'pump',
      action: 'subscribe',
      topic: 'plant/2',
    });
    await api.admin.post('/publish', { topic: 'plant/2', payload: 'one' });
    await vi.waitFor(() => expect(client.messages).toEqual(['plant/2=one']));
    says('deny');
    expect(await api.admin.post('/settings/access/invalidate', {})).toMatchObject({ status: 204 });
    await api.admin.post('/publish', { topic: 'plant/2', payload: 'two' });
    expect(client.messages).toEqual(['plant/2=one']);
    expect(client.isClosed).toBe(false);
  });

  test('is asked again before its answer ends, and what it then denies is gone', async () => {
    says('allow', { validUntil: new Date(Date.now() + 1_500).toISOString() });
    await save([users], { authorizers: asked() });
    const client = await device(api.app, as('pump', 'let me in', 'asked'));
    expect(await granted(client, 'plant/3')).toBe(true);
    says('deny');
    const subscriptions = async () =>
      (await api.viewer.get<ClientDetail>('/clients/asked')).body.session?.subscriptions.length;
    await vi.waitFor(async () => expect(await subscriptions()).toBe(0), { timeout: 10_000, interval: 100 });
    expect(client.isClosed).toBe(false);
  });

  test('that fails allows nothing, and says so', async () => {
    await save([users], { authorizers: asked() });
    hook.answer(() => ({ status: 500 }));
    const client = await device(api.app, as('pump', 'let me in', 'asked'));
    expect(await granted(client, 'plant/4')).toBe(false);
    const { body } = await api.viewer.get<AccessStatus>('/settings/access/status');
    expect(body.authorizers).toMatchObject([{ id: 'hook', failed: 1, problem: 'It answered 500.' }]);
    expect(await refusals()).toContainEqual(['plant/4', 'authorizer', 'hook']);
    await save([users]);
  });

  test('may be several by prefix: all have to allow it, and one that changes its mind takes it back', async () => {
    const other = await HookServer.start(() => ({ body: { allowMillis: 0 } }));
    const flywheel = (id: string, url: string, prefixes: string[]) => ({
      ...{ id, kind: 'http', url, dialect: 'flywheel', prefixes, actions: ['subscribe'] },
    });
    hook.answer(() => ({ body: { allowMillis: 1_500 } }));
    const hooks = [flywheel('wide', hook.url, ['hall']), flywheel('narrow', other.url, ['hall/9'])];
    expect(await save([users], { authorizers: [policy, hooks[0]!, ownRules] })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'authorizers.1' }] },
    });
    expect(await save([users], { authorizers: [policy, ...hooks] })).toMatchObject({ status: 200 });
    const before = hook.asked.length;
    const client = await device(api.app, as('pump', 'let me in', 'asked'));
    expect(await granted(client, 'hall/9')).toBe(true);
    expect(hook.asked).toHaveLength(before);
    expect(await granted(client, 'hall/+')).toBe(true);
    expect(JSON.parse(other.asked.at(-1)?.body ?? '')).toEqual({
      credentials: { type: 'Basic', username: 'pump' },
      topic: 'hall/+',
    });
    // The wide one answers for a time only: both are asked again before that ends.
    other.answer(() => ({ body: { allowMillis: null } }));
    const subscriptions = async () =>
      (await api.viewer.get<ClientDetail>('/clients/asked')).body.session?.subscriptions.map(({ filter }) => filter);
    await vi.waitFor(async () => expect(await subscriptions()).toEqual(['hall/9']), { timeout: 10_000, interval: 100 });
    expect(client.isClosed).toBe(false);
    expect(await granted(client, 'hall/#')).toBe(false);
    expect(await refusals()).toContainEqual(['hall/#', 'authorizer', 'narrow']);
    await other.stop();
    await save([users]);
  });

  test('grants for a time over FLYWHEEL too: asked again while connected, and then taken back there', async () => {
    hook.answer(() => ({ body: { allowMillis: 1_500 } }));
    const timed = { id: 'hook', kind: 'http', url: hook.url, dialect: 'flywheel', actions: ['subscribe'] };
    await save([users], { authorizers: [policy, timed] });
    const socket = new WebSocket(`${api.app.url.replace('http', 'ws')}/broker`);
    const heard: string[] = [];
    socket.on('message', (data: Buffer) => heard.push(data.toString()));
    await once(socket, 'open');
    const auth = { type: 'Basic', username: 'pump', password: 'let me in' };
    socket.send(`B ${JSON.stringify({ sessionId: 'timed', auth, subscribe: ['hall/1'], messageId: '1' })}`);
    await vi.waitFor(() => expect(heard).toEqual(['B {"type":"BindResponse","errors":[],"messageId":"1"}']));
    const before = hook.asked.length;
    await vi.waitFor(() => expect(hook.asked.length).toBeGreaterThan(before), { timeout: 10_000 });
    expect(heard).toHaveLength(1);
    await api.admin.post('/publish', { topic: 'hall/1', payload: 'still there' });
    await vi.waitFor(() => expect(heard.at(-1)).toBe('R hall/1 still there'));
    hook.answer(() => ({ body: { allowMillis: null } }));
    await vi.waitFor(() => expect(heard).toHaveLength(3), { timeout: 10_000 });
    expect(heard.at(-1)).toContain('R $remote/timed/rx/errors {"errors":[{"type":"TopicAccess",');
    expect(heard.at(-1)).toContain('"topic":"hall/1"');
    expect((await api.admin.post('/publish', { topic: 'hall/1', payload: 'gone' })).body).toMatchObject({
      delivered: 0,
    });
    socket.terminate();
    await save([users]);
  });
});

describe('trying credentials', () => {
  const tried = async (body: object) => (await api.admin.post<TryResult>('/settings/access/try', body)).body;

  test('says step by step what the saved chain, or a draft, says', async () => {
    await save([{ ...anonymous, enabled: false }, users]);
    const right = { clientId: 'c', username: 'pump', password: 'let me in' };
    expect(await tried(right)).toMatchObject({
      accepted: true,
      username: 'pump',
      steps: [{ said: 'disabled' }, { said: 'accepted', kind: 'users' }],
    });
    const settings = { authenticators: [jwt, users, anonymous], authorizers: [ownRules, policy] };
    expect(await tried({ settings, clientId: 'c', username: 'pump', password: 'wrong' })).toMatchObject({
      accepted: false,
      refusal: 'bad-credentials',
      steps: [{ said: 'not-mine', why: 'The password is no token.' }, { said: 'refused' }, { said: 'not-asked' }],
    });
    const password = await token({ labels: ['press'], acl: { pub: ['a'] } });
    expect(await tried({ settings, clientId: 'c', password })).toMatchObject({
      accepted: true,
      username: 'lathe',
      labels: ['press'],
      ownRules: [{ effect: 'allow', access: 'pub', topics: ['a'] }],
    });
    expect((await live()).authenticators.map(({ kind }) => kind)).toEqual(['anonymous', 'users']);
  });

  test('counts no failure against anybody', async () => {
    await save([users]);
    for (let i = 0; i < 12; i++) await tried({ clientId: 'c', username: 'pump', password: `wrong ${i}` });
    expect(await comesIn(as('pump', 'let me in', 'c'))).toBe(true);
  });

  test('is for admins, and names what is wrong with the draft', async () => {
    expect(await api.operator.post('/settings/access/try', { clientId: 'c' })).toMatchObject({ status: 403 });
    const settings = { authenticators: [{ ...jwt, algorithms: ['RS256'] }], authorizers: [policy] };
    expect(await api.admin.post('/settings/access/try', { settings, clientId: 'c' })).toMatchObject({ status: 422 });
  });
});

test('what the configuration settles cannot be saved, and holds from the start', async () => {
  const settings = { authenticators: [{ ...anonymous, allow: 'yes' }], authorizers: [policy] };
  const locked = await startTestApi({ env: { PERCH_ACCESS: JSON.stringify(settings) } });
  try {
    expect((await locked.viewer.get('/settings/access')).body).toMatchObject({ isLocked: true, allowsAnonymous: true });
    expect((await device(locked.app, nobody)).last('connack')?.returnCode).toBe(0);
    const answer = await locked.admin.put('/settings/access', settings, { 'if-match': '"0"' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'settings-locked' } });
  } finally {
    await locked.app.close();
  }
});
