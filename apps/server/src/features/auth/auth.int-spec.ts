import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PrismaService } from '../../database/prisma.service.js';
import { ApiClient, PASSWORD, type TestApi, startTestApi } from '../../http/testing/api-client.js';

let api: TestApi;
let prisma: PrismaService;
beforeAll(async () => {
  api = await startTestApi();
  prisma = api.app.app.get(PrismaService, { strict: false });
});
afterAll(() => api?.app.close());

describe('a sign-in', () => {
  test('answers the operator and what they may do', async () => {
    const browser = new ApiClient(api.app.url);
    expect(await browser.signIn('viewer', PASSWORD)).toMatchObject({
      status: 200,
      body: { name: 'viewer', role: 'viewer' },
    });
    const { body } = await browser.get('/auth/me');
    expect(body).toMatchObject({ name: 'viewer', permissions: expect.arrayContaining(['clients:read']) as string[] });
    expect(body.permissions).not.toContain('users:write');
    expect(JSON.stringify(body)).not.toMatch(/hash|argon/i);
  });

  test('gives a cookie that no script and no other site gets at', async () => {
    const { headers } = await new ApiClient(api.app.url).signIn('viewer', PASSWORD);
    const cookie = headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^perch_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  test('keeps only a hash of the token', async () => {
    const token = api.viewer.cookie.split('=')[1] ?? '';
    const rows = await prisma.operatorSession.findMany();
    for (const { tokenHash } of rows) {
      expect(tokenHash).toHaveLength(32);
      expect(Buffer.from(tokenHash).toString('base64url')).not.toBe(token);
    }
  });

  test('never takes over a token that the browser came with', async () => {
    const planted = new ApiClient(api.app.url);
    planted.cookie = 'perch_session=planted-by-somebody-else-0123456789abcdefghi';
    await planted.signIn('viewer', PASSWORD);
    expect(planted.cookie).not.toContain('planted');
    const own = await api.browser('viewer');
    const before = own.cookie;
    await own.signIn('viewer', PASSWORD);
    expect(own.cookie).not.toBe(before);
    own.cookie = before;
    expect((await own.get('/auth/me')).status).toBe(401);
  });

  test('ends with the sign-out', async () => {
    const browser = await api.browser('viewer');
    const { cookie } = browser;
    const { status, headers } = await browser.post('/auth/logout');
    expect(status).toBe(204);
    expect(headers.get('set-cookie')).toMatch(/^perch_session=; .*Expires=Thu, 01 Jan 1970/);
    browser.cookie = cookie;
    expect((await browser.get('/auth/me')).status).toBe(401);
  });

  test.each([
    ['12 idle hours', { lastSeenAt: new Date(Date.now() - 12.1 * 3_600_000) }],
    ['7 days', { expiresAt: new Date(Date.now() - 1000) }],
  ])('ends after %s', async (_time, past) => {
    const browser = await api.browser('viewer');
    const newest = await prisma.operatorSession.findFirstOrThrow({ orderBy: { createdAt: 'desc' } });
    await prisma.operatorSession.update({ where: { id: newest.id }, data: past });
    expect((await browser.get('/auth/me')).status).toBe(401);
  });

  test('stays while it is used', async () => {
    const browser = await api.browser('viewer');
    const newest = await prisma.operatorSession.findFirstOrThrow({ orderBy: { createdAt: 'desc' } });
    const longAgo = new Date(Date.now() - 11 * 3_600_000);
    await prisma.operatorSession.update({ where: { id: newest.id }, data: { lastSeenAt: longAgo } });
    expect((await browser.get('/auth/me')).status).toBe(200);
    const { lastSeenAt } = await prisma.operatorSession.findUniqueOrThrow({ where: { id: newest.id } });
    expect(lastSeenAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });
});

describe('guessing', () => {
  test('an unknown name, a wrong password and a disabled operator are answered alike', async () => {
    const { body } = await api.admin.post('/operators', { name: 'gone', password: PASSWORD, role: 'viewer' });
    await api.admin.patch(`/operators/${String(body.id)}`, { disabled: true });
    const answers = [
      await api.stranger.signIn('nobody', PASSWORD),
      await api.stranger.signIn('viewer', 'wrong password'),
      await api.stranger.signIn('gone', PASSWORD),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect({ ...answer.body, instance: '' }).toEqual({ ...answers[0]?.body, instance: '' });
    }
  });

  test('is stopped after five attempts, with when to come back, and costs others nothing', async () => {
    const attempts = await Promise.all(
      Array.from({ length: 8 }, () => api.stranger.signIn('operator', 'wrong password')),
    );
    expect(attempts.map(({ status }) => status).toSorted()).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    const late = await api.stranger.signIn('operator', PASSWORD);
    expect(late).toMatchObject({ status: 429, body: { code: 'too-many-attempts' } });
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(200);
    expect((await api.stranger.signIn('viewer', PASSWORD)).status).toBe(200);
  });

  test('is in the audit log, without the password', async () => {
    const { body } = await api.admin.get('/audit?action=auth.login&result=refused&object=nobody');
    expect(body.items).toMatchObject([{ object: 'operator/nobody', reason: 'bad-credentials' }]);
    expect(JSON.stringify(body)).not.toContain(PASSWORD);
  });

  test('a name that Postgres cannot hold is merely wrong', async () => {
    expect((await api.stranger.signIn('a\0b', 'wrong password')).status).toBe(401);
    expect((await api.stranger.signIn('\ud800', 'wrong password')).status).toBe(401);
  });
});
