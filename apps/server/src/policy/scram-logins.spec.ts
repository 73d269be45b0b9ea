import type { AuthenticationExchange, AuthenticationStep, Credentials } from '@perch/broker';
import { FakeClock } from '@perch/broker/testing';
import { beforeAll, expect, test } from 'vitest';
import type { StoredCredentials } from './credential-store.js';
import type { LoginLimits } from './login-guard.js';
import { deriveScramKeys, formatScramKeys } from './scram-keys.js';
import { ScramClient } from './testing/scram-client.js';
import { freeTerms, termsOf } from './user-terms.js';
import { UserAuthenticator } from './user-authenticator.js';

const ITERATIONS = 4096;

let scramKeys: string;
beforeAll(async () => {
  scramKeys = formatScramKeys(await deriveScramKeys('pencil', ITERATIONS));
});

function aDoor(loginLimits: Partial<LoginLimits> = {}) {
  const users = new Map<string, StoredCredentials>([['pump', { passwordHash: '', scramKeys, terms: freeTerms }]]);
  const world = { isAway: false, reads: 0 };
  const authenticator = new UserAuthenticator({
    scram: { iterations: ITERATIONS, decoySecret: Buffer.alloc(32, 1) },
    clock: new FakeClock(),
    find: async (username) => {
      world.reads++;
      if (world.isAway) throw new Error('connection refused');
      return users.get(username) ?? null;
    },
    verify: async () => false,
    verified: () => undefined,
    report: () => undefined,
    loginLimits,
  });
  const begin = (client: Partial<Credentials> = {}) => {
    const unknown = { username: null, certificateName: null, allowAnonymous: null };
    const exchange = authenticator.begin('SCRAM-SHA-256', {
      clientId: 'c',
      address: '10.0.0.1',
      protocol: 'mqtt5',
      ...unknown,
      ...client,
    });
    return exchange as AuthenticationExchange;
  };
  /** Goes through a whole log-in; what it ends in. */
  const come = async (username: string, password: string, client: Partial<Credentials> = {}) => {
    const exchange = begin(client);
    const challenge = await exchange.step(first(username));
    return challenge.state === 'continue' ? exchange.step(last(username, password, challenge.data)) : challenge;
  };
  return { users, world, authenticator, begin, come };
}

const first = (username: string) => new ScramClient(username, '', 'abc').first();
const last = (username: string, password: string, challenge: Buffer) =>
  new ScramClient(username, password, 'abc').final(challenge);

const proven = { state: 'accepted', username: 'pump', authenticator: 'users', data: expect.any(Buffer) as Buffer };
const accepted = { ...proven, labels: [], validUntil: null, connectionLimit: null };
const refusal = (name: string) => ({ state: 'refused', refusal: name });
const saltOf = (step: AuthenticationStep) =>
  step.state === 'continue' ? /s=(.*),/.exec(step.data.toString())?.[1] : undefined;

test('a user who proves the password comes in, one who does not stays out', async () => {
  const { come } = aDoor();
  expect(await come('pump', 'pencil')).toEqual(accepted);
  expect(await come('pump', 'pen')).toEqual(refusal('bad-credentials'));
});

test('a client that says nothing with its CONNECT is asked to begin, once', async () => {
  const exchange = aDoor().begin();
  expect(await exchange.step(null)).toEqual({ state: 'continue', data: Buffer.alloc(0) });
  const challenge = await exchange.step(first('pump'));
  expect(challenge.state === 'continue' && (await exchange.step(last('pump', 'pencil', challenge.data)))).toEqual(
    accepted,
  );
  const other = aDoor().begin();
  await other.step(null);
  expect(await other.step(null)).toEqual(refusal('not-authorized'));
});

test('who is not there is answered like who is, and with the same salt each time', async () => {
  const { begin, users } = aDoor();
  users.set('without-keys', { passwordHash: '', scramKeys: null, terms: freeTerms });
  for (const name of ['nobody', 'without-keys']) {
    const [once, again] = [await begin().step(first(name)), await begin().step(first(name))];
    expect(saltOf(once)).toHaveLength(24);
    expect(saltOf(again)).toBe(saltOf(once));
    const step = await begin().step(first(name));
    expect(step.state === 'continue' && step.data.toString()).toMatch(/^r=abc.+,s=.{24},i=4096$/);
  }
  expect(saltOf(await begin().step(first('other')))).not.toBe(saltOf(await begin().step(first('nobody'))));
});

test('nobody comes in as who is not there', async () => {
  const { come } = aDoor();
  expect(await come('nobody', '')).toEqual(refusal('bad-credentials'));
});

test('a disabled user with the right password is banned, with a wrong one merely wrong', async () => {
  const { come, users } = aDoor();
  users.set('pump', { passwordHash: '', scramKeys, terms: { ...freeTerms, disabled: true } });
  expect(await come('pump', 'pencil')).toEqual(refusal('banned'));
  expect(await come('pump', 'pen')).toEqual(refusal('bad-credentials'));
});

test('a user disabled or given another password between two steps does not come in', async () => {
  const { users, authenticator, begin, come } = aDoor();
  const otherKeys = formatScramKeys(await deriveScramKeys('pencil', ITERATIONS));
  for (const [change, refused] of [
    [{ terms: { ...freeTerms, disabled: true } }, 'banned'],
    [{ scramKeys: otherKeys }, 'bad-credentials'],
  ] as const) {
    users.set('pump', { passwordHash: '', scramKeys, terms: freeTerms });
    authenticator.forget(new Set(['pump']));
    expect(await come('pump', 'pencil')).toEqual(accepted);
    const exchange = begin();
    const challenge = await exchange.step(first('pump'));
    users.set('pump', { passwordHash: '', scramKeys, terms: freeTerms, ...change });
    authenticator.forget(new Set(['pump']));
    const answer = challenge.state === 'continue' && (await exchange.step(last('pump', 'pencil', challenge.data)));
    expect(answer).toEqual(refusal(refused));
  }
});

test('who comes back to where they were costs no look-up, and comes in while the database is away', async () => {
  const { come, world } = aDoor();
  await come('pump', 'pencil');
  world.isAway = true;
  world.reads = 0;
  expect(await come('pump', 'pencil')).toEqual(accepted);
  expect(world.reads).toBe(0);
  expect(await come('pump', 'pencil', { address: '10.0.0.2' })).toEqual(refusal('unavailable'));
  expect(await come('nobody', 'pencil', { address: '10.0.0.2' })).toEqual(refusal('unavailable'));
});

test('nobody acts for somebody else or comes under two names', async () => {
  const { begin, come } = aDoor();
  expect(await begin().step(Buffer.from('n,a=admin,n=pump,r=abc'))).toEqual(refusal('not-authorized'));
  expect(await come('pump', 'pencil', { username: 'admin' })).toEqual(refusal('not-authorized'));
  expect(await come('pump', 'pencil', { username: 'pump' })).toEqual(accepted);
});

test('an exchange is over when it is over', async () => {
  const { begin } = aDoor();
  const exchange = begin();
  const challenge = await exchange.step(first('pump'));
  const proof = challenge.state === 'continue' ? last('pump', 'pencil', challenge.data) : Buffer.alloc(0);
  expect(await exchange.step(proof)).toEqual(accepted);
  expect(await exchange.step(proof)).toEqual(refusal('bad-credentials'));
});

test('wrong proofs are counted: the user is banned from there, and no proof at the same time slips through', async () => {
  const { begin, come } = aDoor({ failuresPerLogin: 3, failuresBeforeDelay: 100 });
  const exchanges = Array.from({ length: 10 }, () => begin());
  const challenges = await Promise.all(exchanges.map(async (exchange) => exchange.step(first('pump'))));
  const answers = exchanges.map((exchange, i) => {
    const challenge = challenges[i]!;
    return challenge.state === 'continue' ? exchange.step(last('pump', `guess-${i}`, challenge.data)) : challenge;
  });
  expect(answers.slice(0, 3)).toEqual(Array(3).fill(refusal('bad-credentials')));
  expect(answers.slice(3)).toEqual(Array(7).fill(refusal('banned')));
  expect(await come('pump', 'pencil')).toEqual(refusal('banned'));
  expect(await come('pump', 'pencil', { address: '10.0.0.2' })).toEqual(accepted);
});

test('other methods are not known, nor this one where it is not on offer', () => {
  const { authenticator } = aDoor();
  const client = { clientId: 'c', username: null, address: null, certificateName: null, allowAnonymous: null };
  expect(authenticator.begin('PLAIN', { ...client, protocol: 'mqtt5' })).toBeNull();
  expect(authenticator.begin('SCRAM-SHA-256-PLUS', { ...client, protocol: 'mqtt5' })).toBeNull();
});

test('whoever proves the password comes in on the terms of the user, and with a client id and address that fit them', async () => {
  const { come, users } = aDoor({ failuresPerLogin: 2 });
  const terms = termsOf({
    disabled: false,
    clientIdBinding: 'prefix',
    clientIdText: 'pump-',
    addresses: ['10.0.0.0/8'],
    connectionLimit: 3,
    validUntil: null,
    labels: ['north'],
  });
  users.set('pump', { passwordHash: '', scramKeys, terms });
  const welcome = { ...proven, labels: ['north'], validUntil: null, connectionLimit: 3 };
  expect(await come('pump', 'pencil', { clientId: 'pump-7' })).toEqual(welcome);
  expect(await come('pump', 'pencil', { clientId: 'pump-7', address: '11.0.0.1' })).toEqual(refusal('wrong-address'));
  expect(await come('pump', 'pencil', { clientId: 'valve' })).toEqual(refusal('wrong-client-id'));
  expect(await come('pump', 'pencil', { clientId: 'valve' })).toEqual(refusal('wrong-client-id'));
  expect(await come('pump', 'pencil', { clientId: 'pump-7' }), 'after two guesses from there').toEqual(
    refusal('banned'),
  );
});
