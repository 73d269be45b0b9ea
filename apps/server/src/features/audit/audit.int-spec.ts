import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestApi, startTestApi } from '../../http/testing/api-client.js';
import { PrismaService } from '../../database/prisma.service.js';
import { AuditRetention } from './audit-retention.js';
import type { AuditPage, AuditReport } from './audit.schemas.js';

let api: TestApi;
beforeAll(async () => (api = await startTestApi()));
afterAll(() => api?.app.close());

const list = async (query: string) => (await api.viewer.get<AuditPage>(`/audit${query}`)).body;

test('the log pages from the newest entry to the first, each once', async () => {
  for (let i = 0; i < 7; i++) await api.operator.post('/users', { username: `u${i}`, password: 'let me in' });
  const objects: string[] = [];
  for (let after = ''; ;) {
    const page = await list(`?action=users.create&limit=3${after}`);
    objects.push(...page.items.map(({ object }) => object));
    if (page.next === null) break;
    after = `&after=${page.next}`;
  }
  expect(objects).toEqual([6, 5, 4, 3, 2, 1, 0].map((i) => `user/u${i}`));
});

test('an entry carries the id of the request that made it', async () => {
  const { headers } = await api.operator.post('/users', { username: 'traced', password: 'let me in' });
  const { items } = await list('?object=user/traced');
  expect(items).toMatchObject([{ requestId: headers.get('x-request-id'), address: '127.0.0.1', operator: 'operator' }]);
});

test('filters by operator, by the beginning of an action and by result', async () => {
  await api.viewer.post('/users', { username: 'no', password: 'let me in' });
  expect((await list('?operator=viewer&result=refused')).items).toMatchObject([
    { action: 'users.create', reason: 'not-allowed' },
  ]);
  expect((await list('?action=auth')).items.every(({ action }) => action.startsWith('auth.'))).toBe(true);
  expect((await list('?action=%25')).items).toEqual([]);
});

test('a change that fails leaves no entry of having been done', async () => {
  await api.operator.post('/users', { username: 'once', password: 'let me in' });
  await api.operator.post('/users', { username: 'once', password: 'let me in' });
  const { items } = await list('?action=users.create&limit=2');
  expect(items).toMatchObject([
    { result: 'refused', reason: 'name-taken', object: 'users' },
    { result: 'done', object: 'user/once' },
  ]);
});

describe('the chain', () => {
  const verify = async () => (await api.viewer.get<AuditReport>('/audit/verify')).body;

  test('holds with texts that no database can keep as they came', async () => {
    for (const name of ['\ud800', 'a\0b']) expect((await api.stranger.signIn(name, 'guess')).status).toBe(401);
    expect((await verify()).isIntact).toBe(true);
  });
  const prisma = () => api.app.app.get(PrismaService, { strict: false });

  test('holds with many who write at one time, and its head is the hash of the newest entry', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `at-once-${index}`);
    await Promise.all(names.map((username) => api.operator.post('/users', { username, password: 'let me in' })));
    const [newest] = (await list('?limit=1')).items;
    expect(await verify()).toMatchObject({ isIntact: true, brokenAt: null, head: newest?.hash });
  });

  test('shows an entry that was changed, and one that was removed, in the database itself', async () => {
    const rows = await prisma().auditEntry.findMany({ orderBy: { id: 'desc' }, take: 5 });
    const [, , later, victim] = rows;
    await prisma().auditEntry.update({ where: { id: victim!.id }, data: { operator: 'somebody else' } });
    expect(await verify()).toMatchObject({ isIntact: false, brokenAt: { id: String(victim!.id) } });
    await prisma().auditEntry.update({ where: { id: victim!.id }, data: { operator: victim!.operator } });
    expect((await verify()).isIntact).toBe(true);
    await prisma().auditEntry.delete({ where: { id: victim!.id } });
    expect(await verify()).toMatchObject({ isIntact: false, brokenAt: { id: String(later!.id) } });
    const json = { before: victim!.before ?? undefined, after: victim!.after ?? undefined };
    await prisma().auditEntry.create({ data: { ...victim!, ...json } });
    expect((await verify()).isIntact).toBe(true);
  });

  test('holds from its anchor on when the oldest entries are cut, and says that they were', async () => {
    const oldest = await prisma().auditEntry.findMany({ orderBy: { id: 'asc' }, take: 3 });
    expect(await api.operator.put('/audit/retention', { days: 30 })).toMatchObject({ status: 403 });
    expect(await api.admin.put('/audit/retention', { days: 30 })).toMatchObject({ status: 200, body: { days: 30 } });
    const entries = (await verify()).entries;
    const cutAt = new Date(oldest[2]!.at.getTime() + 1 + 30 * 86_400_000);
    const cut = await api.app.app.get(AuditRetention, { strict: false }).cut(cutAt);
    expect(cut).toBeGreaterThanOrEqual(3);
    expect(await verify()).toMatchObject({ isIntact: true, entries: entries - cut + 1 });
    expect((await list('?action=audit.cut')).items).toMatchObject([{ operator: 'perch', after: { entries: cut } }]);
  });

  test('is given to a log from before there was one', async () => {
    await prisma().auditEntry.updateMany({ data: { hash: null } });
    expect((await verify()).isIntact).toBe(false);
    await api.operator.post('/users', { username: 'first-in-chain', password: 'let me in' });
    expect((await verify()).isIntact).toBe(true);
  });
});

test.each(['ndjson', 'csv'])('the log is exported as %s, filtered, and that is in the log', async (format) => {
  const name = `=cmd|'${format}`;
  await api.operator.post('/users', { username: name, password: 'let me in' });
  const { body, headers } = await api.viewer.get<string>(`/audit/export?format=${format}&object=cmd|'${format}`);
  expect(headers.get('content-disposition')).toBe(`attachment; filename="audit.${format}"`);
  const lines = String(typeof body === 'string' ? body : JSON.stringify(body))
    .trim()
    .split(/\r?\n/);
  expect(lines).toHaveLength(format === 'csv' ? 2 : 1);
  expect(lines.at(-1)).toContain(name);
  expect((await list('?action=audit.export&limit=1')).items).toMatchObject([
    { operator: 'viewer', after: { format, object: `cmd|'${format}` } },
  ]);
});

describe('what may be refused again and again', () => {
  const refusedKeys = async () =>
    (
      await api.admin.get<{ items: { object: string; reason: string }[] }>('/audit?action=apiKeys.refused')
    ).body.items.map(({ object, reason }) => `${object} ${reason}`);
  const withKey = (key: string) => api.stranger.get('/users', { authorization: `Bearer ${key}` });

  test('API keys that open nothing are in the log with the reason, once for many', async () => {
    const make = async (name: string, expiresAt: string | null) =>
      (await api.admin.post<{ key: { id: string }; secret: string }>('/api-keys', { name, role: 'viewer', expiresAt }))
        .body;
    const [revoked, wrong, ended] = [
      await make('revoked', null),
      await make('wrong', null),
      await make('ended', new Date(Date.now() + 86_400_000).toISOString()),
    ];
    await api.admin.delete(`/api-keys/${revoked.key.id}`);
    const prisma = api.app.app.get(PrismaService);
    await prisma.apiKey.update({ where: { id: ended.key.id }, data: { expiresAt: new Date(0) } });
    const others = `perch_${wrong.key.id}_${'A'.repeat(43)}`;
    for (const key of [revoked.secret, revoked.secret, others, others, ended.secret, 'nothing']) {
      expect((await withKey(key)).status).toBe(401);
    }
    expect((await refusedKeys()).toSorted()).toEqual([
      'api-key no-key',
      `api-key-id/${revoked.key.id} unknown-or-revoked`,
      'api-key/ended expired',
      'api-key/wrong wrong-secret',
    ]);
  });

  test('what may not even be read is in the log, once for many', async () => {
    for (let count = 0; count < 3; count++) expect((await api.viewer.get('/operators?x=1')).status).toBe(403);
    const { items } = (await api.admin.get<{ items: object[] }>('/audit?action=operators.list&result=refused')).body;
    expect(items).toMatchObject([{ operator: 'viewer', object: 'operators', reason: 'not-allowed' }]);
  });
});

describe('the history of one object', () => {
  test('is of that alone where it is asked for exactly', async () => {
    for (const username of ['pump-7', 'pump-70'])
      await api.admin.post('/users', { username, password: 'pump-password' });
    const found = async (query: string) =>
      (await api.admin.get<{ items: { object: string }[] }>(`/audit?object=user/pump-7${query}`)).body.items.length;
    expect([await found(''), await found('&match=exact')]).toEqual([2, 1]);
  });

  test('of a rule is the revisions that touched it', async () => {
    const rule = (id: string, topic: string) => ({
      id,
      effect: 'allow',
      subject: 'everyone',
      access: 'pub',
      topics: [topic],
    });
    const put = async (...rules: object[]) => {
      const { revision } = (await api.admin.get<{ revision: number }>('/policy')).body;
      return api.admin.put('/policy', { rules }, { 'if-match': `"${revision}"` });
    };
    await put(rule('one', 'a'));
    await put(rule('one', 'a'), rule('two', 'b'));
    await put(rule('one', 'c'), rule('two', 'b'));
    await put(rule('two', 'b'));
    const { items } = (await api.admin.get<{ items: { action: string }[] }>('/audit?rule=one')).body;
    expect(items).toHaveLength(3);
  });
});
