import { describe, expect, test } from 'vitest';
import { UserAuthenticator, type UserAuthenticatorOptions } from './user-authenticator.js';

/** Users in memory whose "hash" is the password, with a count of the hashes that were computed. */
function aDoor(options: Partial<UserAuthenticatorOptions> = {}) {
  const users = new Map([['pump', { passwordHash: 'secret', disabled: false }]]);
  const world = { users, hashes: 0, isAway: false, release: null as null | (() => void), held: false };
  const authenticator = new UserAuthenticator({
    allowAnonymous: false,
    find: async (username) => {
      if (world.isAway) throw new Error('connection refused');
      return users.get(username) ?? null;
    },
    verify: async (hash, password) => {
      world.hashes++;
      if (world.held) await new Promise<void>((resolve) => (world.release = resolve));
      return hash === password.toString();
    },
    report: () => undefined,
    ...options,
  });
  const come = (username: string | null, password: string | null, address = '10.0.0.1') =>
    authenticator.authenticate({
      clientId: 'c',
      username,
      password: password === null ? null : Buffer.from(password),
      address,
      certificateName: null,
      allowAnonymous: null,
      protocol: 'mqtt5',
    });
  return { ...world, world, authenticator, come };
}

const accepted = { accepted: true, username: 'pump' };
const refusal = (name: string) => ({ accepted: false, refusal: name });

describe('who comes back', () => {
  test('a user who was let in before is answered at once and costs no hash', async () => {
    const { come, world } = aDoor();
    expect(await come('pump', 'secret')).toEqual(accepted);
    expect(come('pump', 'secret')).toEqual(accepted);
    expect(world.hashes).toBe(1);
  });

  test('a known user still comes in while the database is away, an unknown one is told to come later', async () => {
    const { come, world } = aDoor();
    await come('pump', 'secret');
    world.isAway = true;
    expect(come('pump', 'secret')).toEqual(accepted);
    expect(await come('valve', 'secret')).toEqual(refusal('unavailable'));
  });

  test('a forgotten user is verified again', async () => {
    const { come, world, authenticator } = aDoor();
    await come('pump', 'secret');
    world.users.set('pump', { passwordHash: 'changed', disabled: false });
    authenticator.forget('pump');
    expect(await come('pump', 'secret')).toEqual(refusal('bad-credentials'));
  });

  test('the cache keeps no more users than its bound', async () => {
    const { come, world } = aDoor({ limits: { cachedUsers: 1 } });
    world.users.set('valve', { passwordHash: 'secret', disabled: false });
    await come('pump', 'secret');
    await come('valve', 'secret');
    await come('pump', 'secret');
    expect(world.hashes).toBe(3);
  });
});

describe('who stays out', () => {
  test('a wrong password is refused although the user is known', async () => {
    const { come } = aDoor();
    await come('pump', 'secret');
    expect(await come('pump', 'guess')).toEqual(refusal('bad-credentials'));
  });

  test('an unknown user costs the same hash as a known one', async () => {
    const { come, world } = aDoor();
    expect(await come('nobody', 'secret')).toEqual(refusal('bad-credentials'));
    expect(world.hashes).toBe(1);
  });

  test('a disabled user with the right password is banned, with a wrong one merely wrong', async () => {
    const { come, world } = aDoor();
    world.users.set('pump', { passwordHash: 'secret', disabled: true });
    expect(await come('pump', 'secret')).toEqual(refusal('banned'));
    expect(await come('pump', 'guess')).toEqual(refusal('bad-credentials'));
  });

  test('nobody without credentials comes in unless anonymous clients are allowed', () => {
    expect(aDoor().come(null, null)).toEqual(refusal('not-authorized'));
    expect(aDoor({ allowAnonymous: true }).come(null, null)).toEqual({ accepted: true, username: null });
  });

  test('half of the credentials is never anonymous', () => {
    const { come } = aDoor({ allowAnonymous: true });
    expect(come('pump', null)).toEqual(refusal('bad-credentials'));
    expect(come(null, 'secret')).toEqual(refusal('bad-credentials'));
  });
});

describe('floods', () => {
  test('a thousand devices of one user cost one hash', async () => {
    const { come, world } = aDoor();
    const answers = await Promise.all(Array.from({ length: 1000 }, async () => come('pump', 'secret')));
    expect(answers.every((answer) => answer.accepted)).toBe(true);
    expect(world.hashes).toBe(1);
  });

  test('who comes when too many wait is told that the server is busy', async () => {
    const { come } = aDoor({ limits: { verifyingAtOnce: 1, waiting: 1 } });
    const first = come('a', '1');
    const second = come('b', '1');
    expect(come('c', '1')).toEqual(refusal('server-busy'));
    await Promise.all([first, second]);
    expect(await come('c', '1')).toEqual(refusal('bad-credentials'));
  });

  test('an address that fails too often has to wait, its known users and other addresses do not', async () => {
    const { come } = aDoor({ limits: { failuresPerAddress: 2 } });
    await come('pump', 'secret', '10.0.0.9');
    await come('x', '1', '10.0.0.9');
    await come('x', '2', '10.0.0.9');
    expect(come('x', '3', '10.0.0.9')).toEqual(refusal('connection-rate-exceeded'));
    expect(come('pump', 'secret', '10.0.0.9')).toEqual(accepted);
    expect(await come('x', '4', '10.0.0.8')).toEqual(refusal('bad-credentials'));
  });
});

test('a user disabled while being verified does not come in', async () => {
  const { come, world, authenticator } = aDoor();
  world.held = true;
  const answer = come('pump', 'secret');
  while (!world.release) await Promise.resolve();
  world.users.set('pump', { passwordHash: 'secret', disabled: true });
  authenticator.forget('pump');
  world.held = false;
  world.release();
  expect(await answer).toEqual(refusal('banned'));
});
