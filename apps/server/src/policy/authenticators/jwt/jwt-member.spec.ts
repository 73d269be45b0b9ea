import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { FakeClock } from '@perch/broker/testing';
import { SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import { JwtAuthenticator, type JwtKeySettings } from '../../access-settings.schema.js';
import { keyProblems } from '../../access-check.js';
import type { Algorithm } from './algorithms.js';
import { JwtMember, LONGEST_TOKEN_BYTES } from './jwt-member.js';

const SECRET = 'a secret of more than thirty-two bytes';
const bySecret = (value = SECRET): JwtKeySettings => ({ kind: 'secret', secret: { value }, encoding: 'text' });
const byPem = (key: KeyObject): JwtKeySettings => ({
  kind: 'pem',
  pem: key.export({ type: 'spki', format: 'pem' }).toString(),
});

/** A chain member with its settings, at a moment that does not pass by itself. */
function aMember(fields: object = {}, ownRules: 'before' | 'after' | null = 'before') {
  const settings = JwtAuthenticator.parse({
    id: 'jwt',
    kind: 'jwt',
    algorithms: ['HS256'],
    key: bySecret(),
    ...fields,
  });
  const clock = new FakeClock();
  const member = new JwtMember(settings, { clock, ownRules });
  const ask = (token: string, client: { clientId?: string; username?: string | null } = {}) => {
    const credentials = {
      clientId: 'c',
      username: null,
      password: Buffer.from(token),
      address: null,
      certificateName: null,
      allowAnonymous: null,
      protocol: 'mqtt5',
      ...client,
    };
    return member.passes(credentials) ?? member.ask(credentials);
  };
  return { settings, clock, member, ask };
}

const inSeconds = (clock: FakeClock, seconds: number) => Math.floor(clock.now() / 1000) + seconds;

interface Signing {
  readonly key?: KeyObject | Uint8Array;
  readonly alg?: string;
  readonly kid?: string;
}

const sign = (claims: object, { key = Buffer.from(SECRET), alg = 'HS256', kid }: Signing = {}) =>
  new SignJWT({ sub: 'pump', exp: inSeconds(new FakeClock(), 600), ...claims })
    .setProtectedHeader({ alg, ...(kid && { kid }) })
    .sign(key);

const keyPairs: Record<string, () => { publicKey: KeyObject; privateKey: KeyObject }> = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  PS384: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: () => generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
};

describe('whose signature counts', () => {
  test.each(Object.keys(keyPairs))('a token signed with %s is verified by the public key in PEM', async (alg) => {
    const { publicKey, privateKey } = keyPairs[alg]!();
    const { ask } = aMember({ algorithms: [alg], key: byPem(publicKey) });
    expect(await ask(await sign({}, { key: privateKey, alg }))).toMatchObject({ accepted: true, username: 'pump' });
    const stranger = keyPairs[alg]!();
    const forged = await sign({}, { key: stranger.privateKey, alg });
    expect(await ask(forged)).toMatchObject({ accepted: false, refusal: 'bad-credentials' });
  });

  test.each(['HS256', 'HS384', 'HS512'])('a token signed with %s is verified by the secret', async (alg) => {
    const { ask } = aMember({ algorithms: [alg] });
    expect(await ask(await sign({}, { alg }))).toMatchObject({ accepted: true, username: 'pump' });
    const forged = await sign({}, { alg, key: Buffer.from('another secret of more than thirty-two bytes') });
    expect(await ask(forged)).toMatchObject({ accepted: false, why: 'The signature is not by this key.' });
  });

  test('a public key used as an HMAC secret proves nothing: the algorithm is ours to say', async () => {
    const { publicKey } = keyPairs['RS256']!();
    const { ask } = aMember({ algorithms: ['RS256'], key: byPem(publicKey) });
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    expect(await ask(await sign({}, { key: Buffer.from(pem), alg: 'HS256' }))).toMatchObject({ accepted: false });
  });

  test('a token without a signature is refused', async () => {
    const token = new UnsecuredJWT({ sub: 'pump' }).setExpirationTime('2h').encode();
    expect(await aMember().ask(token)).toMatchObject({ accepted: false, refusal: 'bad-credentials' });
  });

  test('a changed claim breaks the signature', async () => {
    const [head, , tail] = (await sign({})).split('.');
    const claims = Buffer.from(JSON.stringify({ sub: 'admin', exp: 9_999_999_999 })).toString('base64url');
    expect(await aMember().ask(`${head}.${claims}.${tail}`)).toMatchObject({ accepted: false });
  });

  test('a token of any size beyond the bound is refused without a look at it', async () => {
    const { ask } = aMember();
    const token = await sign({ more: 'x'.repeat(LONGEST_TOKEN_BYTES) });
    expect(ask(token)).toMatchObject({ accepted: false, why: 'The token is longer than 16384 bytes.' });
  });

  test('what is no token is left to others', () => {
    const { ask } = aMember();
    for (const password of ['', 'secret', 'eyJ', 'eyJ.a', 'eyJ.a.b.c', 'a.b.c']) {
      expect(ask(password)).toBe('The password is no token.');
    }
  });

  test('a token of another issuer is left to others, one without a signature of ours by this issuer is refused', async () => {
    const { ask } = aMember({ issuer: 'https://ours' });
    expect(await ask(await sign({ iss: 'https://theirs' }))).toMatchObject({ accepted: null });
    expect(await ask(await sign({ iss: 'https://ours' }))).toMatchObject({ accepted: true });
    const forged = await sign({ iss: 'https://ours' }, { key: Buffer.from('x'.repeat(40)) });
    expect(await ask(forged)).toMatchObject({ accepted: false });
  });
});

describe('what is asked of the claims', () => {
  test('an expired token is refused once the leeway is over, also one that was let in before', async () => {
    const { ask, clock } = aMember({ leewaySeconds: 10 });
    const exp = inSeconds(clock, 60);
    const token = await sign({ exp });
    expect(await ask(token)).toMatchObject({ accepted: true, validUntil: (exp + 10) * 1000 });
    clock.advance(69_000);
    expect(ask(token)).toMatchObject({ accepted: true });
    clock.advance(2_000);
    expect(await ask(token)).toMatchObject({ accepted: false, why: 'The token has expired (exp).' });
  });

  test('a token without an end is refused, unless that is allowed', async () => {
    const token = await sign({ exp: undefined });
    expect(await aMember().ask(token)).toMatchObject({ accepted: false });
    expect(await aMember({ requireExpiry: false }).ask(token)).toMatchObject({ accepted: true, validUntil: null });
  });

  test('a token that is not valid yet, or comes from the future, is refused', async () => {
    const { ask, clock } = aMember({ leewaySeconds: 5 });
    expect(await ask(await sign({ nbf: inSeconds(clock, 60) }))).toMatchObject({ accepted: false });
    expect(await ask(await sign({ iat: inSeconds(clock, 60) }))).toMatchObject({ accepted: false });
    expect(await ask(await sign({ nbf: inSeconds(clock, 4), iat: inSeconds(clock, 4) }))).toMatchObject({
      accepted: true,
    });
  });

  test('a token for another audience is refused', async () => {
    const { ask } = aMember({ audiences: ['perch', 'mqtt'] });
    expect(await ask(await sign({ aud: ['web', 'mqtt'] }))).toMatchObject({ accepted: true });
    expect(await ask(await sign({ aud: 'web' }))).toMatchObject({ accepted: false });
    expect(await ask(await sign({}))).toMatchObject({ accepted: false });
  });

  test('the user name comes from the claim, and one that is given beside it has to be the same', async () => {
    const token = await sign({ who: { name: 'valve' } });
    const strict = aMember({ usernameClaim: 'who.name' });
    expect(await strict.ask(token, { username: 'valve' })).toMatchObject({ username: 'valve' });
    expect(await strict.ask(token)).toMatchObject({ username: 'valve' });
    expect(await strict.ask(token, { username: 'admin' })).toMatchObject({ refusal: 'bad-credentials' });
    const loose = aMember({ usernameClaim: 'who.name', mustMatchUsername: false });
    expect(await loose.ask(token, { username: 'admin' })).toMatchObject({ username: 'valve' });
  });

  test('a token without a user name lets nobody in', async () => {
    for (const sub of [undefined, '', 7, 'a\0b', 'x'.repeat(300)]) {
      expect(await aMember().ask(await sign({ sub }))).toMatchObject({ accepted: false });
    }
  });

  test('a token that names its client id is good for no other', async () => {
    const { ask } = aMember({ clientIdClaim: 'https://perch/client' });
    const token = await sign({ 'https://perch/client': 'pump-7' });
    expect(await ask(token, { clientId: 'pump-7' })).toMatchObject({ accepted: true });
    expect(ask(token, { clientId: 'pump-8' })).toMatchObject({ refusal: 'wrong-client-id' });
    expect(await ask(await sign({}), { clientId: 'c' })).toMatchObject({ accepted: false });
  });

  test('labels are read from a list or a text with spaces', async () => {
    const { ask } = aMember({ labelsClaim: 'scope' });
    expect(await ask(await sign({ scope: 'press oven' }))).toMatchObject({ labels: ['press', 'oven'] });
    expect(await ask(await sign({ scope: ['press', 'press'] }))).toMatchObject({ labels: ['press'] });
    expect(await ask(await sign({}))).toMatchObject({ labels: [] });
    expect(await ask(await sign({ scope: [1] }))).toMatchObject({ accepted: false });
  });

  test('the acl claim becomes rules of the client, judged where the settings say', async () => {
    const acl = { pub: ['up/${clientid}'], sub: ['down/%c'], all: [] };
    const token = await sign({ acl });
    const own = {
      place: 'before',
      rules: [
        expect.objectContaining({ effect: 'allow', access: 'pub', topics: ['up/%c'] }),
        expect.objectContaining({ effect: 'allow', access: 'sub', topics: ['down/%c'] }),
      ],
    };
    expect(await aMember().ask(token)).toMatchObject({ own });
    expect(await aMember({}, 'after').ask(token)).toMatchObject({ own: { place: 'after' } });
    expect(await aMember({}, null).ask(token)).toMatchObject({ own: null });
    expect(await aMember().ask(await sign({ acl: [{ topics: ['a/#/b'] }] }))).toMatchObject({ accepted: false });
  });

  test('the token may be the user name', async () => {
    const { ask } = aMember({ from: 'username' });
    expect(await ask('', { username: await sign({}) })).toMatchObject({ accepted: true, username: 'pump' });
    expect(ask(await sign({}), { username: 'pump' })).toBe('The user name is no token.');
  });
});

test('who shows the same token again is answered at once, until everybody is forgotten', async () => {
  const { ask, member } = aMember();
  const token = await sign({});
  await ask(token);
  expect(ask(token)).toMatchObject({ accepted: true });
  member.forget('valve');
  expect(ask(token)).toMatchObject({ accepted: true });
  member.forget('pump');
  expect(ask(token)).toBeInstanceOf(Promise);
});

describe('settings that do not fit together', () => {
  const problemsOf = (algorithms: Algorithm[], key: JwtKeySettings) =>
    keyProblems(aMember().settings && { ...aMember().settings, algorithms, key }, 'a').map(({ path }) => path);

  test('a key and algorithms that it cannot serve are named', () => {
    const rsa = keyPairs['RS256']!();
    expect(problemsOf(['RS256', 'PS512'], byPem(rsa.publicKey))).toEqual([]);
    expect(problemsOf(['HS256'], byPem(rsa.publicKey))).toEqual(['a.algorithms']);
    expect(problemsOf(['ES384'], byPem(keyPairs['ES256']!().publicKey))).toEqual(['a.algorithms']);
    expect(problemsOf(['RS256'], bySecret())).toEqual(['a.algorithms']);
    expect(problemsOf(['HS256'], bySecret('short'))).toEqual(['a.key.secret']);
  });

  test('a private key, a short RSA key and a text that is no key are refused', () => {
    const { privateKey } = keyPairs['RS256']!();
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(problemsOf(['RS256'], { kind: 'pem', pem })).toEqual(['a.key.pem']);
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
    expect(problemsOf(['RS256'], byPem(short.publicKey))).toEqual(['a.key.pem']);
    expect(problemsOf(['RS256'], { kind: 'pem', pem: 'no key' })).toEqual(['a.key.pem']);
  });
});
