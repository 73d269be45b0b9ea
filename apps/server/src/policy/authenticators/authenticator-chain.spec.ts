import type { Credentials } from '@perch/broker';
import { describe, expect, test } from 'vitest';
import { AnonymousMember } from './anonymous-member.js';
import { type Answer, notMine, refusedBecause } from './answer.js';
import { AuthenticatorChain } from './authenticator-chain.js';
import { CertificateMember } from './certificate-member.js';
import type { ChainMember } from './chain-member.js';
import { traceChain } from './trace-chain.js';
import { UsersMember } from './users-member.js';

const someone: Credentials = {
  clientId: 'c',
  username: 'pump',
  password: Buffer.from('secret'),
  address: '10.0.0.1',
  certificateName: null,
  allowAnonymous: null,
  protocol: 'mqtt5',
};
const nobody = { ...someone, username: null, password: null };

/** A member that says what it is told to, and remembers whether it was asked as the last one. */
function aMember(id: string, answer: Answer | Promise<Answer>, passes: string | null = null) {
  const asked: boolean[] = [];
  const member: ChainMember = {
    id,
    problem: null,
    passes: () => passes,
    ask: (_credentials, isLast) => {
      asked.push(isLast);
      return answer;
    },
    forget: () => undefined,
  };
  return { member, asked };
}

function aChain(...members: ChainMember[]) {
  const faults: unknown[] = [];
  const chain = new AuthenticatorChain({ begin: () => null, report: (error) => faults.push(error) });
  chain.use(members);
  return { chain, faults };
}

const yes: Answer = { accepted: true, username: 'pump', authenticator: 'users' };

describe('the chain', () => {
  test('asks one after the other until one decides', async () => {
    const first = aMember('first', notMine('unknown'));
    const second = aMember('second', Promise.resolve(notMine('unknown')));
    const third = aMember('third', yes);
    const fourth = aMember('fourth', yes);
    const { chain } = aChain(first.member, second.member, third.member, fourth.member);
    expect(await chain.authenticate(someone)).toBe(yes);
    expect([first, second, third, fourth].map(({ asked }) => asked.length)).toEqual([1, 1, 1, 0]);
    expect(chain.status().map(({ accepted, ignored }) => [accepted, ignored])).toEqual([
      [0, 1],
      [0, 1],
      [1, 0],
      [0, 0],
    ]);
  });

  test('takes a no for an answer', () => {
    const never = aMember('never', yes);
    const { chain } = aChain(aMember('first', refusedBecause('bad-credentials', 'wrong')).member, never.member);
    expect(chain.authenticate(someone)).toMatchObject({ accepted: false, refusal: 'bad-credentials' });
    expect(never.asked).toEqual([]);
  });

  test('answers without a promise where its members do, and skips those that the credentials do not concern', () => {
    const skipped = aMember('skipped', Promise.resolve(yes), 'not concerned');
    const { chain } = aChain(skipped.member, aMember('first', yes).member);
    expect(chain.authenticate(someone)).toBe(yes);
    expect(skipped.asked).toEqual([]);
  });

  test('refuses whom nobody takes, and an empty chain takes nobody', () => {
    const { chain } = aChain(aMember('first', notMine('unknown')).member);
    expect(chain.authenticate(someone)).toEqual({ accepted: false, refusal: 'bad-credentials' });
    expect(chain.authenticate(nobody)).toEqual({ accepted: false, refusal: 'not-authorized' });
    expect(aChain().chain.authenticate(someone)).toEqual({ accepted: false, refusal: 'bad-credentials' });
  });

  test('tells a member that it is the last one whom the credentials concern', async () => {
    const first = aMember('first', notMine('unknown'));
    const second = aMember('second', notMine('unknown'));
    const { chain } = aChain(first.member, second.member, aMember('third', yes, 'not concerned').member);
    await chain.authenticate(someone);
    expect([first.asked, second.asked]).toEqual([[false], [true]]);
  });

  test('lets nobody in when a member fails, and reports it', async () => {
    const { chain, faults } = aChain(
      aMember('first', Promise.reject(new Error('oops'))).member,
      aMember('b', yes).member,
    );
    expect(await chain.authenticate(someone)).toMatchObject({ accepted: false, refusal: 'unavailable' });
    expect(faults).toHaveLength(1);
    expect(chain.status()[0]).toMatchObject({ failed: 1 });
  });

  test('lets nobody in by a chain that is no more', async () => {
    let settle: (answer: Answer) => void = () => undefined;
    const slow = aMember('slow', new Promise<Answer>((resolve) => (settle = resolve)));
    const { chain } = aChain(slow.member);
    const answer = chain.authenticate(someone);
    chain.use([aMember('new', refusedBecause('bad-credentials', 'wrong')).member]);
    settle(yes);
    expect(await answer).toMatchObject({ accepted: false, refusal: 'bad-credentials' });
  });
});

test('a trial says step by step what each member said, and who was not asked', async () => {
  const members = [
    aMember('first', yes, 'not concerned').member,
    aMember('second', Promise.resolve(refusedBecause('bad-credentials', 'wrong'))).member,
    aMember('third', yes).member,
  ];
  expect(await traceChain(members, someone)).toMatchObject({
    principal: null,
    refusal: 'bad-credentials',
    steps: [
      { id: 'first', said: 'not-mine', why: 'not concerned' },
      { id: 'second', said: 'refused', why: 'wrong' },
      { id: 'third', said: 'not-asked' },
    ],
  });
  expect(await traceChain([], nobody)).toMatchObject({ principal: null, refusal: 'not-authorized' });
});

describe('users in a chain', () => {
  const users = (isKnown: boolean) => ({ exists: () => isKnown, authenticate: () => yes as never });

  test('who is no user is left to those behind, and refused like a wrong password where there are none', () => {
    const member = new UsersMember('users', users(false));
    expect(member.ask(someone, false)).toMatchObject({ accepted: null });
    expect(member.ask(someone, true)).toBe(yes);
    expect(new UsersMember('users', users(true)).ask(someone, false)).toBe(yes);
  });

  test('while the users cannot be read nobody is handed on', async () => {
    const away = { exists: () => Promise.resolve('unavailable' as const), authenticate: () => yes as never };
    expect(await new UsersMember('users', away).ask(someone, false)).toMatchObject({ refusal: 'unavailable' });
  });
});

describe('certificates in a chain', () => {
  const certified = { ...someone, password: null, certificateName: 'pump' };
  const users = { authenticate: () => yes as never };

  test('count where they name the user name and no password is shown', () => {
    const member = new CertificateMember({ id: 'certificate', requireUser: true, labels: [] }, users);
    expect(member.passes(certified)).toBeNull();
    expect(member.ask(certified)).toBe(yes);
    expect(member.passes({ ...certified, certificateName: null })).not.toBeNull();
    expect(member.passes({ ...certified, certificateName: 'valve' })).not.toBeNull();
    expect(member.passes({ ...certified, password: Buffer.from('x') })).not.toBeNull();
  });

  test('let in without a user where that is set, with labels', () => {
    const member = new CertificateMember({ id: 'certificate', requireUser: false, labels: ['device'] }, users);
    expect(member.ask(certified)).toEqual({
      accepted: true,
      username: 'pump',
      authenticator: 'certificate',
      labels: ['device'],
    });
  });
});

describe('clients without credentials', () => {
  const member = (isAllowed: boolean) => new AnonymousMember({ id: 'anonymous', isAllowed, labels: [] });

  test('come in where it is allowed, and a listener decides for itself', () => {
    expect(member(true).ask(nobody)).toMatchObject({ accepted: true, username: null, authenticator: 'anonymous' });
    expect(member(false).ask(nobody)).toMatchObject({ accepted: null });
    expect(member(false).ask({ ...nobody, allowAnonymous: true })).toMatchObject({ accepted: true });
    expect(member(true).ask({ ...nobody, allowAnonymous: false })).toMatchObject({ accepted: null });
  });

  test('half of the credentials is never anonymous', () => {
    expect(member(true).passes({ ...nobody, username: 'pump' })).not.toBeNull();
    expect(member(true).passes({ ...nobody, password: Buffer.from('x') })).not.toBeNull();
  });
});
