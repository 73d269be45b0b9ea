import { FakeClock } from '@perch/broker/testing';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { JwtAuthenticator } from '../../access-settings.schema.js';
import { type HookReply, HookServer } from '../../testing/hook-server.js';
import { JwtMember } from './jwt-member.js';

let issuer: HookServer;
let published: object[] = [];
beforeEach(async () => {
  published = [];
  issuer = await HookServer.start(() => ({ body: { keys: published } }));
});
afterEach(() => issuer.stop());

/** A key that the issuer signs with, and publishes under this id. */
async function aKey(kid: string, alg = 'ES256') {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const sign = (clock: FakeClock) =>
    new SignJWT({ sub: 'pump', exp: clock.now() / 1000 + 86_400 }).setProtectedHeader({ alg, kid }).sign(privateKey);
  return { sign, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

function aMember(fields: object = {}) {
  const clock = new FakeClock();
  const key = { kind: 'jwks', url: `${issuer.url}/keys`, refreshSeconds: 60, staleSeconds: 120, ...fields };
  const settings = JwtAuthenticator.parse({ id: 'jwt', kind: 'jwt', algorithms: ['ES256', 'RS256'], key });
  const member = new JwtMember(settings, { clock, ownRules: null });
  const ask = async (token: string) => {
    // Verified anew each time: it is the keys that are tested here.
    member.forget(null);
    const client = { clientId: 'c', username: null, address: null, certificateName: null, allowAnonymous: null };
    return member.ask({ ...client, protocol: 'mqtt5', password: Buffer.from(token) });
  };
  return { clock, member, ask };
}

test('keys are read once, and a new one is read when a token names it', async () => {
  const [first, second] = [await aKey('1'), await aKey('2')];
  published = [first.jwk];
  const { ask, clock } = aMember();
  const token = await first.sign(clock);
  expect(await ask(token)).toMatchObject({ accepted: true });
  expect(await ask(token)).toMatchObject({ accepted: true });
  expect(issuer.asked).toHaveLength(1);
  published = [first.jwk, second.jwk];
  clock.advance(10_000);
  expect(await ask(await second.sign(clock))).toMatchObject({ accepted: true });
  expect(issuer.asked).toHaveLength(2);
});

test('a key id that anybody makes up does not have the keys read again and again', async () => {
  published = [(await aKey('1')).jwk];
  const { ask, clock } = aMember();
  const made = await aKey('made up');
  for (let i = 0; i < 20; i++) expect(await ask(await made.sign(clock))).toMatchObject({ accepted: false });
  expect(issuer.asked).toHaveLength(1);
  clock.advance(10_000);
  await ask(await made.sign(clock));
  await ask(await made.sign(clock));
  expect(issuer.asked).toHaveLength(2);
});

test('a key that was withdrawn no longer counts once the keys are read again', async () => {
  const [first, second] = [await aKey('1'), await aKey('2')];
  published = [first.jwk];
  const { ask, clock } = aMember();
  expect(await ask(await first.sign(clock))).toMatchObject({ accepted: true });
  published = [second.jwk];
  clock.advance(61_000);
  expect(await ask(await first.sign(clock))).toMatchObject({ accepted: false, refusal: 'bad-credentials' });
});

test('while the keys cannot be read the last ones count, for a bounded time, and the member says so', async () => {
  const key = await aKey('1');
  published = [key.jwk];
  const { ask, clock, member } = aMember();
  const token = await key.sign(clock);
  await ask(token);
  issuer.answer(() => ({ status: 500 }));
  clock.advance(100_000);
  expect(await ask(token)).toMatchObject({ accepted: true });
  expect(member.problem).toContain('It answered 500.');
  clock.advance(100_000);
  expect(await ask(token)).toMatchObject({ accepted: false, refusal: 'unavailable' });
  issuer.answer(() => ({ body: { keys: published } }));
  clock.advance(10_000);
  expect(await ask(token)).toMatchObject({ accepted: true });
  expect(member.problem).toBeNull();
});

test.each<[string, object, () => HookReply]>([
  ['that never answers', { timeoutMs: 100 }, () => 'never'],
  ['that answers garbage', {}, () => ({ body: 'hello' })],
  ['that answers something else', {}, () => ({ body: { keys: 'none' } })],
  ['that sends elsewhere', {}, () => ({ status: 302, headers: { location: 'http://127.0.0.1:1/keys' } })],
  ['that answers without end', {}, () => ({ body: 'x'.repeat(2_000_000) })],
])('an issuer %s lets nobody in', async (_what, fields, reply) => {
  issuer.answer(reply);
  const { ask, clock } = aMember(fields);
  expect(await ask(await (await aKey('1')).sign(clock))).toMatchObject({ accepted: false, refusal: 'unavailable' });
});

test('a secret in the list of keys is no key', async () => {
  published = [{ kty: 'oct', k: Buffer.from('x'.repeat(64)).toString('base64url'), kid: '1', alg: 'HS256' }];
  const { ask, clock } = aMember();
  const token = await new SignJWT({ sub: 'pump', exp: clock.now() / 1000 + 60 })
    .setProtectedHeader({ alg: 'HS256', kid: '1' })
    .sign(Buffer.from('x'.repeat(64)));
  expect(await ask(token)).toMatchObject({ accepted: false, refusal: 'bad-credentials' });
});
