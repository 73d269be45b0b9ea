import { FakeClock } from '@perch/broker/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HttpAuthorizer as Settings } from '../access-settings.schema.js';
import { HookFailure } from '../hooks/hook-client.js';
import { HookServer } from '../testing/hook-server.js';
import { HttpAuthorizer } from './http-authorizer.js';

let hook: HookServer;
beforeEach(async () => {
  hook = await HookServer.start(() => ({ body: { result: 'allow' } }));
});
afterEach(() => hook.stop());

const client = { clientId: 'c', username: 'pump', address: '10.0.0.1', labels: ['press'] };

function anAuthorizer(fields: object = {}) {
  const clock = new FakeClock();
  const settings = Settings.parse({ id: 'http', kind: 'http', url: `${hook.url}/acl`, cacheSeconds: 60, ...fields });
  const unreadable: string[] = [];
  const tellers = { changed: () => undefined, unreadable: (why: string) => unreadable.push(why) };
  return { clock, unreadable, authorizer: new HttpAuthorizer(settings, { clock, ...tellers }) };
}

test('the JSON dialect posts who wants to do what, and its answer counts as long as it says', async () => {
  const { authorizer, clock } = anAuthorizer();
  expect(await authorizer.ask(client, 'publish', 'a/b')).toEqual({ allowed: true, validUntil: clock.now() + 60_000 });
  expect(JSON.parse(hook.asked[0]!.body)).toEqual({ ...client, action: 'publish', topic: 'a/b' });
  hook.answer(() => ({ body: { result: 'deny', validUntil: '2026-01-01T01:00:00Z' } }));
  const validUntil = Date.parse('2026-01-01T01:00:00Z');
  expect(await authorizer.ask(client, 'subscribe', 'a/#')).toEqual({ allowed: false, validUntil });
  hook.answer(() => ({ body: { result: 'ignore' } }));
  expect(await authorizer.ask(client, 'subscribe', 'a/#')).toMatchObject({ allowed: null });
});

test('an answer that is over already is not asked for without end', async () => {
  hook.answer(() => ({ body: { result: 'allow', validUntil: '2025-01-01T00:00:00Z' } }));
  const { authorizer, clock } = anAuthorizer();
  expect(await authorizer.ask(client, 'publish', 'a')).toEqual({ allowed: true, validUntil: clock.now() + 1000 });
});

test('the form dialect asks with a query in which access is a digit, and only 200 is yes', async () => {
  hook.answer(() => ({ body: '' }));
  const usual = anAuthorizer({ dialect: 'form' }).authorizer;
  const other = anAuthorizer({ dialect: 'form', digits: 'pub-sub' }).authorizer;
  for (const authorizer of [usual, other])
    for (const action of ['subscribe', 'publish'] as const)
      expect(await authorizer.ask(client, action, 'a/+')).toMatchObject({ allowed: true });
  expect(hook.asked.map(({ method, url }) => [method, url.searchParams.get('access')])).toEqual([
    ['GET', '1'],
    ['GET', '2'],
    ['GET', '2'],
    ['GET', '1'],
  ]);
  const query = Object.fromEntries(hook.asked[0]!.url.searchParams);
  expect(query).toEqual({ username: 'pump', clientid: 'c', topic: 'a/+', access: '1' });
  hook.answer(() => ({ status: 403 }));
  expect(await usual.ask(client, 'publish', 'a')).toMatchObject({ allowed: false });
});

test('the FLYWHEEL dialect posts credentials without their secret, and is allowed for a time, for ever or not', async () => {
  const { authorizer, clock } = anAuthorizer({ dialect: 'flywheel' });
  const said = async (reply: object) => {
    hook.answer(() => reply);
    return authorizer.ask(client, 'subscribe', 'a/#');
  };
  const now = clock.now();
  expect(await said({ body: { allowMillis: 30_000 } })).toEqual({ allowed: true, validUntil: now + 30_000 });
  expect(JSON.parse(hook.asked[0]!.body)).toEqual({ credentials: { type: 'Basic', username: 'pump' }, topic: 'a/#' });
  expect(await said({ status: 201, body: { allowMillis: 0 } })).toEqual({ allowed: true, validUntil: null });
  expect(await said({ body: { allowMillis: 5 } })).toEqual({ allowed: true, validUntil: now + 1000 });
  const no = { allowed: false, validUntil: null };
  expect(await said({ body: { allowMillis: null } })).toEqual(no);
  expect(await said({ body: {} })).toEqual(no);
  expect(await said({ body: 'yes' })).toEqual(no);
  expect(await said({ status: 404 })).toEqual(no);
  expect(await authorizer.ask({ ...client, username: null }, 'publish', 'a')).toEqual(no);
  expect(JSON.parse(hook.asked.at(-1)!.body)).toEqual({ credentials: null, topic: 'a' });
});

test.each([
  ['garbage', { body: 'yes' }, ['Its answer cannot be used: the body: is missing.']],
  ['another status', { status: 404, body: { result: 'allow' } }, ['It answered 404 instead of 200 with a result.']],
  ['a failure', { status: 500 }, []],
  ['a redirect', { status: 302, headers: { location: '/' } }, []],
])('%s is no answer, and told where the hook means it', async (_what, reply, told) => {
  hook.answer(() => reply);
  const { authorizer, unreadable } = anAuthorizer();
  await expect(authorizer.ask(client, 'publish', 'a')).rejects.toThrow(HookFailure);
  expect(unreadable).toEqual(told);
});
