import type { Door } from '@perch/broker';
import { FakeClock } from '@perch/broker/testing';
import { parseAddressRange } from '@perch/policy';
import { describe, expect, test } from 'vitest';
import type { StoredCredentials } from './credential-store.js';
import { freeTerms, type UserTerms } from './user-terms.js';
import { UserAuthenticator, type UserAuthenticatorOptions } from './user-authenticator.js';

const aUser = (user: Partial<StoredCredentials> = {}): StoredCredentials => ({
  passwordHash: 'secret',
  scramKeys: null,
  terms: freeTerms,
  ...user,
});

/** Users in memory whose "hash" is the password, with a count of the hashes that were computed. */
function aDoor(options: Partial<UserAuthenticatorOptions> = {}) {
  const users = new Map([['pump', aUser()]]);
  const world = { users, hashes: 0, verified: 0, isAway: false, release: null as null | (() => void), held: false };
  const clock = new FakeClock();
  const authenticator = new UserAuthenticator({
    scram: null,
    clock,
    find: async (username) => {
      if (world.isAway) throw new Error('connection refused');
      return users.get(username) ?? null;
    },
    verify: async (hash, password) => {
      world.hashes++;
      if (world.held) await new Promise<void>((resolve) => (world.release = resolve));
      return hash === password.toString();
    },
    verified: () => world.verified++,
    report: () => undefined,
    ...options,
  });
  const come = (username: string | null, password: string | null, from: Partial<Door & { clientId: string }> = {}) =>
    authenticator.authenticate({
      clientId: 'c',
      username,
      password: password === null ? null : Buffer.from(password),
      address: '10.0.0.1',
      certificateName: null,
      allowAnonymous: null,
      protocol: 'mqtt5',
      ...from,
    });
  return { ...world, world, clock, authenticator, come };
}

const accepted = {
  accepted: true,
  username: 'pump',
  authenticator: 'users',
  labels: [],
  validUntil: null,
  connectionLimit: null,
};
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
    world.users.set('pump', aUser({ passwordHash: 'changed' }));
    authenticator.forget(new Set(['pump']));
    expect(await come('pump', 'secret')).toEqual(refusal('bad-credentials'));
  });

  test('the cache keeps no more users than its bound', async () => {
    const { come, world } = aDoor({ limits: { cachedUsers: 1 } });
    world.users.set('valve', aUser());
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
    world.users.set('pump', aUser({ terms: { ...freeTerms, disabled: true } }));
    expect(await come('pump', 'secret')).toEqual(refusal('banned'));
    expect(await come('pump', 'guess')).toEqual(refusal('bad-credentials'));
  });

  test('half of the credentials, or none, is nobody', () => {
    const { come } = aDoor();
    expect(come(null, null)).toEqual(refusal('bad-credentials'));
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

  test('an address that fails too often is banned, its known users and other addresses are not', async () => {
    const { come } = aDoor({ loginLimits: { failuresPerAddress: 2 } });
    const from = { address: '10.0.0.9' };
    await come('pump', 'secret', from);
    await come('x', '1', from);
    await come('x', '2', from);
    expect(come('x', '3', from)).toEqual(refusal('banned'));
    expect(come('valve', '1', from)).toEqual(refusal('banned'));
    expect(come('pump', 'secret', from)).toEqual(accepted);
    expect(await come('x', '4', { address: '10.0.0.8' })).toEqual(refusal('bad-credentials'));
  });

  test('a device that repeats its one wrong password costs a hash now and then and gets nobody banned', async () => {
    const { come, world, clock } = aDoor({ loginLimits: { failuresPerLogin: 2, failuresPerAddress: 2 } });
    for (let second = 0; second < 100; second++) {
      expect(await come('pump', 'old')).toEqual(refusal('bad-credentials'));
      clock.advance(1000);
    }
    expect(world.hashes).toBe(10);
    expect(await come('pump', 'secret')).toEqual(accepted);
  });

  test('guesses made at the same time do not all slip through', async () => {
    const { come, world } = aDoor({ loginLimits: { failuresPerLogin: 3 }, limits: { verifyingAtOnce: 1 } });
    const answers = await Promise.all(Array.from({ length: 50 }, async (_, i) => come('pump', `guess-${i}`)));
    expect(world.hashes).toBe(3);
    expect(answers.filter((answer) => !answer.accepted && answer.refusal === 'banned')).toHaveLength(47);
  });

  test('guessing is slowed down before it is banned', async () => {
    const { come, clock } = aDoor({ loginLimits: { failuresBeforeDelay: 2, firstDelayMs: 100 } });
    await come('pump', '1');
    await come('pump', '2');
    let answer: unknown;
    const answered = Promise.resolve(come('pump', 'secret')).then((value) => (answer = value));
    clock.advance(99);
    await new Promise(setImmediate);
    expect(answer).toBeUndefined();
    clock.advance(1);
    await answered;
    expect(answer).toEqual(accepted);
  });

  test('a new password ends the ban of its user', async () => {
    const { come, world, authenticator } = aDoor({ loginLimits: { failuresPerLogin: 1 } });
    await come('pump', 'new');
    expect(await come('pump', 'new')).toEqual(refusal('banned'));
    world.users.set('pump', aUser({ passwordHash: 'new' }));
    authenticator.forget(new Set(['pump']));
    expect(await come('pump', 'new')).toEqual(accepted);
  });
});

describe('a certificate', () => {
  const shown = { certificateName: 'pump' };

  test('lets in the user that it names, without a password', async () => {
    expect(await aDoor().come('pump', null, shown)).toEqual(accepted);
  });

  test('lets in nobody else, nobody unknown and nobody disabled', async () => {
    const { come, world } = aDoor();
    world.users.set('valve', aUser({ terms: { ...freeTerms, disabled: true } }));
    expect(await come('valve', null, shown)).toEqual(refusal('bad-credentials'));
    expect(await come('nobody', null, { certificateName: 'nobody' })).toEqual(refusal('not-authorized'));
    expect(await come('valve', null, { certificateName: 'valve' })).toEqual(refusal('banned'));
  });

  test('does not make a wrong password right', async () => {
    expect(await aDoor().come('pump', 'guess', shown)).toEqual(refusal('bad-credentials'));
  });

  test('is enough while the database is away for who came before, until the user changes', async () => {
    const { come, world, authenticator } = aDoor();
    await come('pump', null, shown);
    world.isAway = true;
    expect(come('pump', null, shown)).toEqual(accepted);
    authenticator.forget(new Set(['pump']));
    expect(await come('pump', null, shown)).toEqual(refusal('unavailable'));
    world.isAway = false;
    world.users.set('pump', aUser({ terms: { ...freeTerms, disabled: true } }));
    expect(await come('pump', null, shown)).toEqual(refusal('banned'));
  });
});

test('each password that was verified is told, once', async () => {
  const { come, world } = aDoor();
  await come('pump', 'guess');
  await come('pump', 'secret');
  await come('pump', 'secret');
  expect(world.verified).toBe(1);
});

test('a user disabled while being verified does not come in', async () => {
  const { come, world, authenticator } = aDoor();
  world.held = true;
  const answer = come('pump', 'secret');
  while (!world.release) await Promise.resolve();
  world.users.set('pump', aUser({ terms: { ...freeTerms, disabled: true } }));
  authenticator.forget(new Set(['pump']));
  world.held = false;
  world.release();
  expect(await answer).toEqual(refusal('banned'));
});

describe('the terms of a user', () => {
  const on = (terms: Partial<UserTerms>, loginLimits: UserAuthenticatorOptions['loginLimits'] = {}) => {
    const door = aDoor({ loginLimits });
    door.world.users.set('pump', aUser({ terms: { ...freeTerms, ...terms } }));
    return door;
  };

  test('go with whoever comes in: labels, end and limit, at once where they are known', async () => {
    const validUntil = Date.parse('2027-01-01T00:00:00Z');
    const { come } = on({ labels: ['north', 'pumps'], validUntil, connectionLimit: 2 });
    const welcome = { ...accepted, labels: ['north', 'pumps'], validUntil, connectionLimit: 2 };
    expect(await come('pump', 'secret')).toEqual(welcome);
    expect(come('pump', 'secret')).toEqual(welcome);
    expect(await come('pump', null, { certificateName: 'pump' })).toEqual(welcome);
    expect(come('pump', null, { certificateName: 'pump' })).toEqual(welcome);
  });

  test.each([
    ['exact', 'pump-7', 'pump-7', 'pump-70'],
    ['prefix', 'pump-', 'pump-7', 'valve-7'],
  ] as const)('bound to client ids (%s %s): %s comes in, %s does not', async (kind, text, right, wrong) => {
    const { come } = on({ clientIdBinding: { kind, text } });
    expect(await come('pump', 'secret', { clientId: right })).toMatchObject({ accepted: true });
    expect(await come('pump', 'secret', { clientId: wrong })).toEqual(refusal('wrong-client-id'));
    expect(await come('pump', null, { clientId: wrong, certificateName: 'pump' })).toEqual(refusal('wrong-client-id'));
    expect(come('pump', 'secret', { clientId: right })).toMatchObject({ accepted: true });
  });

  test('bound to addresses: nobody comes in from elsewhere, nor from no address at all', async () => {
    const addresses = [parseAddressRange('10.1.0.0/16'), parseAddressRange('2001:db8::7')].filter(
      (range) => range !== null,
    );
    const { come } = on({ addresses });
    for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '2001:db8::7']) {
      expect(await come('pump', 'secret', { address })).toMatchObject({ accepted: true });
    }
    for (const address of ['10.2.0.1', '2001:db8::8', null]) {
      expect(await come('pump', 'secret', { address })).toEqual(refusal('wrong-address'));
    }
  });

  test('who has the right password and the wrong client id waits as long as who guesses the password', async () => {
    const { come, world } = on({ clientIdBinding: { kind: 'exact', text: 'pump-7' } });
    await come('pump', 'secret', { clientId: 'pump-7' });
    expect(come('pump', 'secret', { clientId: 'thief' })).toBeInstanceOf(Promise);
    await Promise.resolve();
    expect(world.hashes).toBe(2);
  });

  test('two clients that show the same credentials at one time are told apart', async () => {
    const { come, world } = on({ clientIdBinding: { kind: 'exact', text: 'pump-7' } });
    const thief = come('pump', 'secret', { clientId: 'thief' });
    const pump = come('pump', 'secret', { clientId: 'pump-7' });
    expect([await thief, await pump]).toMatchObject([refusal('wrong-client-id'), { accepted: true }]);
    expect(world.hashes).toBe(1);
  });

  test('trying client ids is guessing, and banned like it; repeating one is not', async () => {
    const { come } = on({ clientIdBinding: { kind: 'exact', text: 'pump-7' } }, { failuresPerLogin: 2 });
    for (let i = 0; i < 3; i++) {
      expect(await come('pump', 'secret', { clientId: 'thief' })).toEqual(refusal('wrong-client-id'));
    }
    expect(await come('pump', 'secret', { clientId: 'pump-7' })).toMatchObject({ accepted: true });
    for (let i = 0; i < 2; i++) await come('pump', 'secret', { clientId: `thief-${i}` });
    expect(await come('pump', 'secret', { clientId: 'thief-2' })).toEqual(refusal('banned'));
  });

  test('end: who was let in before is not let in after, whichever way', async () => {
    const door = aDoor();
    const validUntil = door.clock.now() + 1000;
    door.world.users.set('pump', aUser({ terms: { ...freeTerms, validUntil } }));
    await door.come('pump', 'secret');
    await door.come('pump', null, { certificateName: 'pump' });
    door.clock.advance(1000);
    expect(await door.come('pump', 'secret')).toEqual(refusal('authorization-expired'));
    expect(await door.come('pump', null, { certificateName: 'pump' })).toEqual(refusal('authorization-expired'));
    expect(await door.come('pump', 'guess')).toEqual(refusal('bad-credentials'));
  });

  test('cost a reconnect storm neither hash nor look-up', async () => {
    const { come, world } = on({ clientIdBinding: { kind: 'prefix', text: 'pump-' }, addresses: [], labels: ['a'] });
    await come('pump', 'secret', { clientId: 'pump-0' });
    world.isAway = true;
    for (let i = 1; i < 100; i++) {
      expect(come('pump', 'secret', { clientId: `pump-${i}` })).toMatchObject({ accepted: true });
    }
    expect(world.hashes).toBe(1);
  });
});
