import { FakeClock } from '@perch/broker/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HttpAuthenticator } from '../access-settings.schema.js';
import { HookServer } from '../testing/hook-server.js';
import { HttpMember } from './http-member.js';

let hook: HookServer;
beforeEach(async () => {
  hook = await HookServer.start(() => ({ body: { result: 'allow' } }));
});
afterEach(() => hook.stop());

function aMember(fields: object = {}) {
  const clock = new FakeClock();
  const settings = HttpAuthenticator.parse({ id: 'http', kind: 'http', url: `${hook.url}/auth?of=perch`, ...fields });
  const told: (string | null)[] = [];
  const changed = (problem: string | null) => told.push(problem);
  const unreadable: string[] = [];
  const member = new HttpMember(settings, {
    clock,
    ownRules: 'before',
    loginLimits: { failuresPerLogin: 3 },
    changed,
    unreadable: (why) => unreadable.push(why),
  });
  const ask = (client: { username?: string | null; password?: string | Buffer | null; clientId?: string } = {}) => {
    const { username = 'pump', password = 'secret', clientId = 'c' } = client;
    return member.ask({
      clientId,
      username,
      password: password === null ? null : Buffer.from(password),
      address: '10.0.0.1',
      certificateName: null,
      allowAnonymous: null,
      protocol: 'mqtt5',
    });
  };
  return { clock, member, ask, told, unreadable };
}

describe('the JSON dialect', () => {
  test('posts who the client says it is, with the headers that were set', async () => {
    const { ask } = aMember({ headers: [{ name: 'Authorization', value: { value: 'Bearer of good news' } }] });
    await ask();
    expect(hook.asked).toHaveLength(1);
    const [{ method, url, headers, body }] = hook.asked as [(typeof hook.asked)[0]];
    expect([method, url.pathname, url.search]).toEqual(['POST', '/auth', '?of=perch']);
    expect(headers).toMatchObject({ authorization: 'Bearer of good news', 'content-type': 'application/json' });
    expect(JSON.parse(body)).toEqual({
      clientId: 'c',
      username: 'pump',
      password: 'secret',
      address: '10.0.0.1',
      protocol: 'mqtt5',
      certificateName: null,
    });
  });

  test('takes labels, an end, rules and another name', async () => {
    const acl = { pub: ['up/%c'] };
    const body = { result: 'allow', username: 'pump-7', labels: ['press'], validUntil: '2026-01-01T01:00:00Z', acl };
    hook.answer(() => ({ body }));
    expect(await aMember().ask()).toMatchObject({
      accepted: true,
      username: 'pump-7',
      labels: ['press'],
      validUntil: Date.parse('2026-01-01T01:00:00Z'),
      own: { place: 'before', rules: [{ access: 'pub', topics: ['up/%c'] }] },
    });
  });

  test('may deny, and may leave a client to the next', async () => {
    hook.answer(() => ({ body: { result: 'deny' } }));
    expect(await aMember().ask()).toMatchObject({ accepted: false, refusal: 'bad-credentials' });
    hook.answer(() => ({ body: { result: 'ignore' } }));
    expect(await aMember().ask()).toMatchObject({ accepted: null });
  });

  test('an answer that is over is no answer', async () => {
    hook.answer(() => ({ body: { result: 'allow', validUntil: '2025-01-01T00:00:00Z' } }));
    expect(await aMember().ask()).toMatchObject({ accepted: false, refusal: 'authorization-expired' });
  });
});

test('the form dialect posts a form, and only 200 is yes', async () => {
  hook.answer(() => ({ body: 'whatever' }));
  const { ask } = aMember({ dialect: 'form' });
  expect(await ask({ password: 'a&b' })).toMatchObject({ accepted: true, username: 'pump' });
  const { headers, body } = hook.asked[0]!;
  expect(headers['content-type']).toContain('application/x-www-form-urlencoded');
  expect(Object.fromEntries(new URLSearchParams(body))).toEqual({ username: 'pump', clientid: 'c', password: 'a&b' });
  for (const status of [201, 204, 400, 401, 403]) {
    hook.answer(() => ({ status }));
    expect(await aMember({ dialect: 'form' }).ask()).toMatchObject({ refusal: 'bad-credentials' });
  }
  hook.answer(() => ({ status: 503 }));
  expect(await aMember({ dialect: 'form' }).ask()).toMatchObject({ refusal: 'unavailable' });
});

describe('a hook that does not answer as it should lets nobody in', () => {
  test.each([
    ['no JSON', { body: 'yes' }],
    ['no result', { body: {} }],
    ['another result', { body: { result: 'yes' } }],
    ['labels that are none', { body: { result: 'allow', labels: 'press' } }],
    ['an end that is none', { body: { result: 'allow', validUntil: 'soon' } }],
    ['rules that are none', { body: { result: 'allow', acl: 'all' } }],
    ['another status', { status: 401, body: { result: 'allow' } }],
    ['a redirect', { status: 307, headers: { location: 'http://127.0.0.1:1/auth' } }],
    ['a redirect to itself', { status: 307, headers: { location: '/elsewhere' } }],
    ['an answer without end', { body: 'x'.repeat(100_000) }],
    ['a failure', { status: 500, body: { result: 'allow' } }],
  ])('%s', async (_what, reply) => {
    hook.answer(() => reply);
    expect(await aMember().ask()).toMatchObject({ accepted: false, refusal: 'unavailable' });
    expect(hook.asked).toHaveLength(1);
  });

  test('what it says wrong is told, what it does not say is not', async () => {
    hook.answer(() => ({ body: { result: 'yes' } }));
    const { ask, unreadable } = aMember();
    await ask();
    expect(unreadable).toEqual([expect.stringContaining('Its answer cannot be used: result')]);
    hook.answer(() => ({ status: 500 }));
    await ask({ username: 'other' });
    expect(unreadable).toHaveLength(1);
  });

  test('one that takes its time', async () => {
    hook.answer(() => 'never');
    const { ask, member } = aMember({ timeoutMs: 100 });
    expect(await ask()).toMatchObject({ accepted: false, refusal: 'unavailable' });
    expect(member.problem).toBe('It did not answer in time.');
  });

  test('more clients than may wait', async () => {
    hook.answer(() => 'never');
    const { ask } = aMember({ timeoutMs: 300, concurrency: 1, waiting: 1 });
    const answers = await Promise.all(['a', 'b', 'c'].map(async (clientId) => ask({ clientId })));
    expect(answers.map((answer) => answer.accepted === false && answer.refusal)).toEqual([
      'unavailable',
      'unavailable',
      'server-busy',
    ]);
  });

  test('it is left alone after a while, asked again after a rest, and said to fail and to be back once each', async () => {
    const { ask, clock, told, member } = aMember();
    hook.answer(() => ({ status: 500 }));
    for (let i = 0; i < 20; i++) expect(await ask({ clientId: `${i}` })).toMatchObject({ refusal: 'unavailable' });
    expect(hook.asked).toHaveLength(5);
    clock.advance(5_000);
    await ask();
    expect(hook.asked).toHaveLength(6);
    hook.answer(() => ({ body: { result: 'allow' } }));
    expect(await ask()).toMatchObject({ refusal: 'unavailable' });
    clock.advance(5_000);
    expect(await ask()).toMatchObject({ accepted: true });
    expect(told).toEqual(['It answered 500.', null]);
    expect(member.problem).toBeNull();
  });

  test('a password that is no text', async () => {
    expect(aMember().ask({ password: Buffer.from([0xff, 0xfe]) })).toMatchObject({ refusal: 'bad-credentials' });
    expect(hook.asked).toEqual([]);
  });
});

describe('what was answered', () => {
  test('counts for a while, at once and for the same credentials alone', async () => {
    const { ask, clock } = aMember({ cacheSeconds: 30 });
    await ask();
    expect(ask()).toMatchObject({ accepted: true });
    await ask({ password: 'other' });
    await ask({ clientId: 'd' });
    await ask({ username: null, password: null });
    expect(hook.asked).toHaveLength(4);
    clock.advance(30_000);
    await ask();
    expect(hook.asked).toHaveLength(5);
  });

  test('is forgotten when that is asked, of a user or of everybody', async () => {
    const { ask, member } = aMember();
    await ask();
    await ask({ username: 'valve' });
    member.forget('pump');
    await ask();
    await ask({ username: 'valve' });
    expect(hook.asked).toHaveLength(3);
    member.forget(null);
    await ask({ username: 'valve' });
    expect(hook.asked).toHaveLength(4);
  });

  test('is not kept where it is not to be, nor when there was none', async () => {
    const { ask } = aMember({ cacheSeconds: 0 });
    await ask();
    await ask();
    expect(hook.asked).toHaveLength(2);
    hook.answer(() => ({ status: 500 }));
    const other = aMember();
    await other.ask();
    await other.ask();
    expect(hook.asked).toHaveLength(4);
  });

  test('with “no” again and again bans who guesses, without asking any more', async () => {
    hook.answer(() => ({ body: { result: 'deny' } }));
    const { ask } = aMember();
    for (const password of ['1', '2', '3']) await ask({ password });
    expect(await ask({ password: '4' })).toMatchObject({ accepted: false, refusal: 'banned' });
    expect(hook.asked).toHaveLength(3);
  });
});
