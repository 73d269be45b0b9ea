import { Secret, TOTP } from 'otpauth';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { PrismaService } from '../../database/prisma.service.js';
import { ApiClient, PASSWORD, type TestApi, startTestApi } from '../../http/testing/api-client.js';
import type { OperatorSessionList } from '../operators/operator-session.schemas.js';
import type { ProposedSecondFactor, RecoveryCodes } from './account.schemas.js';

let api: TestApi;
let prisma: PrismaService;
beforeAll(async () => {
  api = await startTestApi();
  prisma = api.app.app.get(PrismaService, { strict: false });
});
afterAll(() => api?.app.close());

let made = 0;
/** A viewer of their own, signed in. */
async function somebody(): Promise<{ name: string; id: string; browser: ApiClient }> {
  const name = `somebody-${++made}`;
  const { body } = await api.admin.post('/operators', { name, password: PASSWORD, role: 'viewer' });
  return { name, id: String(body.id), browser: await api.browser(name) };
}

const isSignedIn = async (browser: ApiClient) => (await browser.get('/auth/me')).status === 200;

/** The code of a step; each test uses steps that were not used before. */
const codeOf = (secret: string, step = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + step * 30_000 });

async function withFactor() {
  const who = await somebody();
  const { body: proposed } = await who.browser.post<ProposedSecondFactor>('/account/second-factor');
  const code = codeOf(proposed.secret, -1);
  const { status, body } = await who.browser.post<RecoveryCodes>('/account/second-factor/confirm', { code });
  expect(status).toBe(200);
  const signIn = (input: object) =>
    new ApiClient(api.app.url).post('/auth/login', { name: who.name, password: PASSWORD, ...input });
  return { ...who, secret: proposed.secret, codes: body.codes, signIn };
}

describe('the own password', () => {
  test('is changed with the old one; other sessions end, and this browser goes on with a new one', async () => {
    const { name, browser } = await somebody();
    const [other, before] = [await api.browser(name), browser.cookie];
    const wrong = await browser.post('/account/password', {
      current: 'not it at all',
      password: 'a new long password',
    });
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: 'current' }] } });
    const input = { current: PASSWORD, password: 'a new long password' };
    expect((await browser.post('/account/password', input)).status).toBe(204);
    expect(browser.cookie).not.toBe(before);
    expect([await isSignedIn(browser), await isSignedIn(other)]).toEqual([true, false]);
    other.cookie = before;
    expect(await isSignedIn(other)).toBe(false);
    expect((await new ApiClient(api.app.url).signIn(name, 'a new long password')).status).toBe(200);
    const { body } = await api.admin.get(`/audit?action=account.changePassword&object=operator/${name}`);
    expect(body.items).toMatchObject([{ operator: name, after: { password: 'changed' } }]);
  });

  test('is not guessed from an open browser either', async () => {
    const { browser } = await somebody();
    const guess = () =>
      browser.post('/account/password', { current: 'a wrong guess', password: 'a new long password' });
    for (let i = 0; i < 5; i++) expect((await guess()).status).toBe(422);
    expect((await guess()).status).toBe(429);
  });
});

describe('the own sessions', () => {
  test('are listed with where they are, and one is ended at once', async () => {
    const { name, browser } = await somebody();
    const other = await api.browser(name);
    const { body } = await browser.get<OperatorSessionList>('/account/sessions');
    expect(body.items.map(({ isCurrent, address }) => [isCurrent, address]).toSorted()).toEqual([
      [false, '127.0.0.1'],
      [true, '127.0.0.1'],
    ]);
    const id = body.items.find(({ isCurrent }) => !isCurrent)?.id;
    expect((await browser.delete(`/account/sessions/${id}`)).status).toBe(204);
    expect([await isSignedIn(browser), await isSignedIn(other)]).toEqual([true, false]);
    expect((await browser.delete(`/account/sessions/${id}`)).status).toBe(404);
  });

  test('are nobody else’s: another’s is not found, an admin ends it by its operator', async () => {
    const [one, two] = [await somebody(), await somebody()];
    const { body } = await api.admin.get<OperatorSessionList>(`/operators/${two.id}/sessions`);
    const session = body.items[0]?.id;
    expect((await one.browser.delete(`/account/sessions/${session}`)).status).toBe(404);
    expect((await api.admin.delete(`/operators/${one.id}/sessions/${session}`)).status).toBe(404);
    expect((await api.admin.delete(`/operators/${two.id}/sessions/${session}`)).status).toBe(204);
    expect(await isSignedIn(two.browser)).toBe(false);
    expect((await api.admin.delete(`/operators/${one.id}/sessions`)).status).toBe(204);
    expect(await isSignedIn(one.browser)).toBe(false);
  });
});

describe('a second factor', () => {
  // A step of 30 seconds must not end in the middle of a test.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  test('asks for a code from the first confirmed one on, and each code opens once', async () => {
    const { secret, signIn, name } = await withFactor();
    expect(await signIn({})).toMatchObject({ status: 401, body: { code: 'code-required' } });
    expect(await signIn({ code: codeOf(secret, -1) })).toMatchObject({
      status: 401,
      body: { code: 'bad-credentials' },
    });
    const code = codeOf(secret, 0);
    expect((await signIn({ code })).status).toBe(200);
    expect((await signIn({ code })).status).toBe(401);
    expect((await signIn({ code: codeOf(secret, 1) })).status).toBe(200);
    expect((await signIn({ code: codeOf(secret, 5) })).status).toBe(401);
    const { body } = await api.admin.get(`/audit?object=operator/${name}`);
    expect(JSON.stringify(body)).not.toContain(secret);
  });

  test('tells nobody without the password that there is one', async () => {
    const { signIn } = await withFactor();
    expect(await signIn({ password: 'a wrong password' })).toMatchObject({ body: { code: 'bad-credentials' } });
  });

  test('is guessed no faster than a password', async () => {
    const { signIn } = await withFactor();
    for (let i = 0; i < 5; i++) expect((await signIn({ code: '000000' })).status).toBe(401);
    expect((await signIn({ code: '000000' })).status).toBe(429);
  });

  test('that is lost is stood in for by recovery codes, each once and kept as hashes', async () => {
    const { id, codes, signIn } = await withFactor();
    expect(new Set(codes).size).toBe(10);
    const [first = '', second = ''] = codes;
    expect((await signIn({ code: first.toUpperCase() })).status).toBe(200);
    expect((await signIn({ code: first })).status).toBe(401);
    expect((await signIn({ code: second.replaceAll('-', ' ') })).status).toBe(200);
    const row = await prisma.operator.findUniqueOrThrow({ where: { id } });
    expect(row.recoveryHashes.map(({ length }) => length)).toEqual(Array(8).fill(32));
  });

  test('is on only after a right code, which ends the other sessions', async () => {
    const { name, browser } = await somebody();
    expect((await browser.post('/account/second-factor/confirm', { code: '123456' })).status).toBe(409);
    const { body } = await browser.post<ProposedSecondFactor>('/account/second-factor');
    expect(body.uri).toContain(`otpauth://totp/Perch:${name}?issuer=Perch&secret=${body.secret}`);
    expect((await browser.post('/account/second-factor/confirm', { code: '000000' })).status).toBe(422);
    const [other, before] = [await api.browser(name), browser.cookie];
    const code = codeOf(body.secret);
    expect((await browser.post('/account/second-factor/confirm', { code })).status).toBe(200);
    expect(browser.cookie).not.toBe(before);
    expect([await isSignedIn(browser), await isSignedIn(other)]).toEqual([true, false]);
    expect((await browser.get('/auth/me')).body).toMatchObject({ secondFactor: true });
    expect((await browser.post('/account/second-factor')).status).toBe(409);
  });

  test('is removed with the password, or by an admin, which signs its operator out', async () => {
    const { id, browser, signIn } = await withFactor();
    expect((await browser.post('/account/second-factor/remove', { current: 'not it' })).status).toBe(422);
    expect((await browser.post('/account/second-factor/remove', { current: PASSWORD })).status).toBe(204);
    expect((await signIn({})).status).toBe(200);
    const lost = await withFactor();
    expect((await api.admin.delete(`/operators/${lost.id}/second-factor`)).status).toBe(204);
    expect(await isSignedIn(lost.browser)).toBe(false);
    expect((await lost.signIn({})).status).toBe(200);
    expect((await api.operator.delete(`/operators/${id}/second-factor`)).status).toBe(403);
  });
});
