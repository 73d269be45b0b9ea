import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { PrismaService } from '../../database/prisma.service.js';
import { type ApiClient, PASSWORD, type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { as, device } from '../../http/testing/device.js';
import type { RestorePlan, SectionReport } from './backup.schemas.js';

type File = Record<string, unknown> & {
  users: Record<string, unknown>[];
  bans: Record<string, unknown>[];
  operators: Record<string, unknown>[];
  policy: { rules: Record<string, unknown>[]; tests: unknown[]; settings: object };
};

const rule = (id: string, topics: string[]) => ({
  id,
  effect: 'allow',
  subject: 'username',
  value: 'pump',
  access: 'pubsub',
  topics,
});

let api: TestApi;
let admin: ApiClient;
beforeAll(async () => {
  api = await startTestApi({ env: { PERCH_MAX_CONNECTIONS: '500' } });
  admin = api.admin;
});
afterAll(() => api?.app.close());

const exported = async (query = '') => (await admin.get<File>(`/backup${query}`)).body;
const ask = async (backup: object, how: object = {}) => {
  const { status, body } = await admin.post<RestorePlan>('/backup/plan', { backup, ...how });
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};
const restored = async (backup: object, how: object = {}) => {
  const { plan } = await ask(backup, how);
  return admin.post<RestorePlan & { errors: { path: string; message: string }[] }>('/backup/restore', {
    backup,
    plan,
    ...how,
  });
};
const sectionOf = ({ sections }: RestorePlan, name: string): SectionReport =>
  sections.find((section) => section.name === name)!;
const revision = async () => (await admin.get<{ revision: number }>('/policy')).body.revision;
const put = async (rules: object[], tests: object[] = []) =>
  admin.put('/policy', { rules, tests }, { 'if-match': `"${await revision()}"` });
const online = async (username: string) => {
  const { items } = (await admin.get<{ items: { username: string; onlineClients: number }[] }>(`/users?q=${username}`))
    .body;
  return items[0]?.onlineClients;
};

/** What everything is before each test. */
beforeEach(async () => {
  const prisma = api.app.app.get(PrismaService);
  for (const { id } of (await admin.get<{ items: { id: string }[] }>('/users')).body.items)
    await admin.delete(`/users/${id}`);
  for (const { id } of (await admin.get<{ items: { id: string }[] }>('/bans?state=active')).body.items)
    await admin.delete(`/bans/${id}`);
  await prisma.setting.deleteMany({ where: { key: { in: ['server', 'audit.retention-days'] } } });
  await admin.post('/users', { username: 'pump', password: 'pump-password', labels: ['plant'], note: 'a pump' });
  await put([rule('r1', ['plant/#'])]);
  await admin.post('/bans', { kind: 'clientid', value: 'rogue', reason: 'noisy' });
  await admin.patch('/settings', { changes: { brokerName: 'Plant 7', maxSubscriptions: 50 } });
});

describe('a backup', () => {
  test('restored where everything else was made of it brings all of it back, and is then the same', async () => {
    const file = await exported();
    expect(file).toMatchObject({ format: 'perch-backup', version: 1, createdBy: 'admin', hasSecrets: true });
    const [pump] = (await admin.get<{ items: { id: string }[] }>('/users?q=pump')).body.items;
    await admin.patch(`/users/${pump?.id}`, { note: 'another', disabled: true });
    await admin.post('/users', { username: 'stranger', password: 'stranger-password' });
    await put([{ ...rule('r1', ['other/#']) }, rule('r2', ['more'])]);
    await admin.patch('/settings', { changes: { brokerName: null, maxSubscriptions: 70, queueQos0: true } });
    await admin.put('/audit/retention', { days: 90 });
    await admin.post('/bans', { kind: 'username', value: 'eve' });
    const plan = await ask(file, { mode: 'replace' });
    expect(plan).toMatchObject({ isPossible: true, applied: false, createdBy: 'admin', hasSecrets: true });
    const counts = Object.fromEntries(
      plan.sections.map(({ name, create, change, remove, leave, unchanged }) => [
        name,
        [create, change, remove, leave, unchanged],
      ]),
    );
    expect(counts).toEqual({
      settings: [1, 1, 1, 0, 0],
      audit: [0, 1, 0, 0, 0],
      access: [0, 0, 0, 0, 1],
      policy: [0, 1, 1, 0, 1],
      users: [0, 1, 1, 0, 0],
      bans: [0, 0, 1, 0, 1],
      operators: [0, 0, 0, 0, 3],
    });
    expect(sectionOf(plan, 'users').items[0]?.changes).toEqual([
      { field: 'disabled', before: true, after: false },
      { field: 'note', before: 'another', after: 'a pump' },
    ]);
    const answer = await restored(file, { mode: 'replace' });
    expect(answer).toMatchObject({ status: 200, body: { applied: true } });
    expect({ ...(await exported()), createdAt: null }).toEqual({ ...file, createdAt: null });
    expect((await admin.get('/server')).body).toMatchObject({ name: 'Plant 7' });
    const { items } = (await admin.get<{ items: object[] }>('/audit?action=backup.restore')).body;
    expect(items[0]).toMatchObject({
      operator: 'admin',
      object: 'backup',
      after: { mode: 'replace', sections: { users: { change: 1, remove: 1 } } },
    });
    const ofPump = (await admin.get<{ items: object[] }>('/audit?object=user/pump&action=users.update')).body.items;
    expect(ofPump[0]).toMatchObject({ reason: 'backup', after: { note: 'a pump' } });
    expect((await admin.get('/audit/verify')).body).toMatchObject({ isIntact: true });
  });

  test('merged adds and changes, and takes nothing away', async () => {
    const file = await exported();
    await put([rule('mine', ['x']), rule('r1', ['other'])]);
    await admin.post('/users', { username: 'stranger', password: 'stranger-password' });
    await admin.patch('/settings', { changes: { queueQos0: true } });
    expect(await restored(file)).toMatchObject({ status: 200 });
    const now = await exported();
    expect(now.users.map(({ username }) => username)).toEqual(['pump', 'stranger']);
    expect(now.policy.rules.map(({ id, topics }) => [id, topics])).toEqual([
      ['mine', ['x']],
      ['r1', ['plant/#']],
    ]);
    expect(now.settings).toMatchObject({ brokerName: 'Plant 7', queueQos0: true });
  });

  test('of one server lets its users in at another, with the passwords they had', async () => {
    const file = await exported();
    const other = await startTestApi();
    try {
      const send = (path: string, body: object) => other.admin.post<RestorePlan>(path, { backup: file, ...body });
      const { plan } = (await send('/backup/plan', {})).body;
      expect(await send('/backup/restore', { plan })).toMatchObject({ status: 200 });
      const pump = await device(other.app, as('pump', 'pump-password', 'pump-1'));
      expect(pump.last('connack')).toMatchObject({ returnCode: 0 });
      expect((await other.admin.get('/settings')).body.items).toContainEqual(
        expect.objectContaining({ key: 'maxSubscriptions', value: 50, source: 'dashboard' }),
      );
    } finally {
      await other.app.close();
    }
  });

  test('without secrets holds none, changes users that are there, and cannot make one', async () => {
    await admin.put(
      '/settings/access',
      {
        authenticators: [
          {
            id: 'tokens',
            kind: 'jwt',
            algorithms: ['HS256'],
            key: { kind: 'secret', secret: { value: 'a secret of tokens that is long enough' } },
          },
          { id: 'users', kind: 'users' },
        ],
        authorizers: [{ id: 'policy', kind: 'policy' }],
        reconnect: false,
      },
      { 'if-match': '"0"' },
    );
    const file = await exported('?secrets=false');
    expect(JSON.stringify(file)).not.toMatch(/argon2|SCRAM|secret of tokens/);
    expect(JSON.stringify(await exported())).toMatch(/argon2.*SCRAM/);
    expect(JSON.stringify(await exported())).toContain('secret of tokens');
    file.users[0] = { ...file.users[0], note: 'from the file' };
    expect(await restored(file)).toMatchObject({ status: 200 });
    await device(api.app, as('pump', 'pump-password', 'pump-1'));
    expect(await online('pump')).toBe(1);
    file.users.push({ username: 'new' });
    const { body } = await restored(file);
    expect(body.errors).toEqual([
      { path: 'backup.users.1.passwordHash', message: expect.stringContaining('no such user here') as string },
    ]);
  });
});

describe('a restore', () => {
  test('names everything that is wrong by its path in the file, and does nothing', async () => {
    const file = await exported();
    const wrong = {
      ...file,
      settings: { maxSubscriptions: 0, unheard: 1, maxConnections: 3 },
      policy: { ...file.policy, rules: [{ ...rule('r1', ['a/#/b']) }] },
      users: [
        { ...file.users[0], labels: ['two words'], passwordHash: 'plain' },
        { ...file.users[0], username: 'twin', note: 'x' },
        { ...file.users[0], username: 'twin' },
      ],
      bans: [
        { kind: 'ipaddr', value: '127.0.0.0/8' },
        { kind: 'ipaddr', value: 'nowhere' },
        file.bans[0],
        file.bans[0],
      ],
      operators: [{ name: 'viewer', role: 'king' }],
    };
    const plan = await ask(wrong, { mode: 'replace' });
    expect(plan.isPossible).toBe(false);
    expect(plan.sections.flatMap(({ problems }) => problems.map(({ path }) => path))).toEqual([
      'settings.maxSubscriptions',
      'policy.rules.0.topics.0',
      'users.0.labels.0',
      'users.0.passwordHash',
      'users.2.username',
      'bans.1.value',
      'bans.0.value',
      'bans.3.value',
      'operators.0.role',
    ]);
    expect(sectionOf(plan, 'settings').items).toEqual([
      expect.objectContaining({ name: 'unheard', outcome: 'leave' }),
      expect.objectContaining({
        name: 'maxConnections',
        outcome: 'leave',
        note: expect.stringContaining('PERCH_MAX_CONNECTIONS') as string,
      }),
      expect.objectContaining({ name: 'brokerName', outcome: 'remove' }),
    ]);
    expect(await restored(wrong, { mode: 'replace' })).toMatchObject({ status: 422, body: { code: 'invalid-fields' } });
    expect({ ...(await exported()), createdAt: null }).toEqual({ ...file, createdAt: null });
  });

  test.each([
    [{ format: 'something' }, 'no backup'],
    [{ format: 'perch-backup', version: 2, users: [] }, 'newer Perch'],
    [{ format: 'perch-backup', version: 1, colour: 'red' }, 'colour'],
    [{ format: 'perch-backup', version: 1 }, 'no section'],
  ])('of %j is refused in words', async (backup, words) => {
    const { status, body } = await admin.post('/backup/plan', { backup });
    expect([status, body.code]).toEqual([422, 'backup-unreadable']);
    expect(body.detail).toContain(words);
  });

  test('of a plan that is not what would be done any more is refused', async () => {
    const file = await exported();
    const [pump] = (await admin.get<{ items: { id: string }[] }>('/users?q=pump')).body.items;
    await admin.patch(`/users/${pump?.id}`, { note: 'one' });
    const { plan } = await ask(file);
    await admin.patch(`/users/${pump?.id}`, { note: 'two' });
    const refused = await admin.post('/backup/restore', { backup: file, plan });
    expect(refused).toMatchObject({ status: 412, body: { code: 'plan-outdated' } });
    expect((await admin.get(`/users/${pump?.id}`)).body).toMatchObject({ note: 'two' });
    const other = { ...file, users: [{ ...file.users[0], note: 'three' }] };
    expect(await admin.post('/backup/restore', { backup: other, plan: (await ask(file)).plan })).toMatchObject({
      status: 412,
    });
  });

  test('reaches who is connected: passwords, bans, rules and limits hold before the reply', async () => {
    await admin.post('/users', { username: 'valve', password: 'valve-password' });
    const file = await exported();
    const valve = file.users.find(({ username }) => username === 'valve');
    const changed = {
      ...file,
      users: [file.users[0], { ...valve, passwordHash: file.users[0]?.passwordHash }],
      bans: [{ kind: 'clientid', value: 'pump-2' }],
      policy: { ...file.policy, rules: [rule('r1', ['elsewhere'])] },
      settings: { ...(file.settings as object), maxSubscriptions: 7 },
    };
    const [loses, banned, other] = [
      await device(api.app, as('pump', 'pump-password', 'pump-1')),
      await device(api.app, as('pump', 'pump-password', 'pump-2')),
      await device(api.app, as('valve', 'valve-password', 'valve-1')),
    ];
    loses.subscribe('plant/#');
    await vi.waitFor(() => expect(loses.last('suback')).toMatchObject({ granted: [0] }));
    expect(await restored(changed)).toMatchObject({ status: 200 });
    expect([loses.isClosed, banned.isClosed, other.isClosed]).toEqual([true, true, true]);
    const late = await device(api.app, as('valve', 'pump-password', 'valve-1'));
    expect(late.last('connack')).toMatchObject({ returnCode: 0 });
    const kept = await restored({ ...file, users: undefined, bans: undefined }, { disconnect: false });
    expect(kept.status).toBe(200);
    expect(late.isClosed).toBe(false);
  });

  test('leaves alone who does it, and never the last admin out', async () => {
    const file = await exported();
    const demoted = {
      ...file,
      operators: [
        { name: 'admin', role: 'viewer' },
        { name: 'nobody', role: 'admin' },
      ],
    };
    expect(sectionOf(await ask(demoted), 'operators').items).toEqual([
      {
        name: 'admin',
        outcome: 'leave',
        changes: expect.any(Array) as unknown[],
        note: expect.stringContaining('you') as string,
      },
      { name: 'nobody', outcome: 'leave', changes: [], note: expect.stringContaining('invite') as string },
    ]);
    const { secret } = (
      await admin.post<{ secret: string }>('/api-keys', { name: 'restore', role: 'admin', expiresAt: null })
    ).body;
    const byKey = await api.stranger.post<RestorePlan>(
      '/backup/plan',
      { backup: demoted },
      { authorization: `Bearer ${secret}` },
    );
    expect(sectionOf(byKey.body, 'operators').problems).toEqual([
      { path: 'operators', message: expect.stringContaining('no admin') as string },
    ]);
  });

  test('changes what another operator may do, and ends their sign-ins', async () => {
    const file = await exported();
    const second = await api.browser('viewer');
    const operators = file.operators.map((operator) =>
      operator.name === 'viewer' ? { ...operator, disabled: true } : operator,
    );
    expect(await restored({ ...file, operators }, { sections: ['operators'] })).toMatchObject({ status: 200 });
    expect((await second.get('/auth/me')).status).toBe(401);
    expect(await restored(file, { sections: ['operators'] })).toMatchObject({ status: 200 });
    expect((await api.viewer.signIn('viewer', PASSWORD)).status).toBe(200);
  });

  test('whose access tests fail needs a reason', async () => {
    const client = { clientId: 'c', username: 'pump', address: null, labels: [] };
    const failing = { id: 't1', client, action: 'publish', topic: 'nowhere', expect: 'allow', note: '' };
    const file = await exported();
    const backup = { ...file, policy: { ...file.policy, tests: [failing] } };
    expect(sectionOf(await ask(backup), 'policy').problems).toMatchObject([{ path: 'policy.tests.0' }]);
    expect(await restored(backup, { overrideReason: 'as it was' })).toMatchObject({ status: 200 });
    await put([rule('r1', ['plant/#'])]);
  });

  test('is for admins alone, and what was taken is in the audit log', async () => {
    const file = await exported();
    for (const client of [api.operator, api.viewer]) {
      expect((await client.get('/backup')).status).toBe(403);
      expect((await client.post('/backup/plan', { backup: file })).status).toBe(403);
      expect((await client.post('/backup/restore', { backup: file, plan: 'x' })).status).toBe(403);
    }
    const { body } = await admin.get<{ items: object[] }>('/audit?action=backup.export&operator=admin');
    expect(body.items[0]).toMatchObject({ operator: 'admin', after: { secrets: true } });
  });
});

test('50,000 users go out, are planned, and come back', { timeout: 300_000 }, async () => {
  const prisma = api.app.app.get(PrismaService);
  await prisma.$executeRaw`
    INSERT INTO users (id, username, password_hash, created_by, updated_at, labels, note)
    SELECT gen_random_uuid(), 'device-' || lpad(n::text, 6, '0'), (SELECT password_hash FROM users WHERE username = 'pump'),
      'admin', now(), ARRAY['fleet'], 'number ' || n FROM generate_series(1, 50000) AS n`;
  const file = await exported();
  expect(file.users).toHaveLength(50_001);
  await prisma.$executeRaw`DELETE FROM users WHERE username <> 'pump'`;
  const plan = await ask(file);
  expect(sectionOf(plan, 'users')).toMatchObject({ create: 50_000, unchanged: 1 });
  expect(sectionOf(plan, 'users').items).toHaveLength(500);
  expect(await admin.post('/backup/restore', { backup: file, plan: plan.plan })).toMatchObject({ status: 200 });
  expect(await prisma.user.count()).toBe(50_001);
});
