import { FakeClock } from '@perch/broker/testing';
import { describe, expect, test } from 'vitest';
import { LoginGuard, type LoginLimits } from './login-guard.js';

const MINUTE = 60_000;

function aGuard(limits: Partial<LoginLimits> = {}) {
  const clock = new FakeClock();
  const guard = new LoginGuard(clock, {
    failuresPerLogin: 3,
    failuresPerAddress: 5,
    banMs: MINUTE,
    failuresBeforeDelay: 1000,
    ...limits,
  });
  const fail = (username: string, address: string | null, times = 1) => {
    for (let i = 0; i < times; i++) guard.failed({ username, address });
  };
  const ask = (username: string, address: string | null) => guard.admit({ username, address });
  return { clock, guard, fail, ask };
}

describe('a ban', () => {
  test('comes after so many failures of one user from one address, and ends', () => {
    const { clock, fail, ask } = aGuard();
    fail('pump', '10.0.0.1', 2);
    expect(ask('pump', '10.0.0.1')).toBeNull();
    clock.advance(MINUTE / 2);
    fail('pump', '10.0.0.1');
    expect(ask('pump', '10.0.0.1')).toBe('banned');
    clock.advance(MINUTE - 1);
    expect(ask('pump', '10.0.0.1')).toBe('banned');
    clock.advance(1);
    expect(ask('pump', '10.0.0.1')).toBeNull();
  });

  test('of a user at one address keeps nobody else out, nor the user elsewhere', () => {
    const { fail, ask } = aGuard();
    fail('pump', '10.0.0.1', 3);
    expect(ask('valve', '10.0.0.1')).toBeNull();
    expect(ask('pump', '10.0.0.2')).toBeNull();
    fail('pump', null, 3);
    expect(ask('pump', null)).toBe('banned');
    expect(ask('valve', null)).toBeNull();
  });

  test('of an address comes after so many failures of many users, and spares those who logged in from there', () => {
    const { guard, fail, ask } = aGuard();
    guard.succeeded({ username: 'meter', address: '10.0.0.1' });
    for (let i = 0; i < 5; i++) fail(`guess-${i}`, '10.0.0.1');
    expect(ask('somebody', '10.0.0.1')).toBe('banned');
    expect(ask('meter', '10.0.0.1')).toBeNull();
    expect(ask('somebody', '10.0.0.2')).toBeNull();
    fail('meter', '10.0.0.1', 3);
    expect(ask('meter', '10.0.0.1')).toBe('banned');
  });

  test('one device that fails for ever does not have its address banned', () => {
    const { clock, fail, ask } = aGuard({ failuresPerAddress: 7 });
    for (let second = 0; second < 600; second++) {
      if (ask('broken', '10.0.0.1') === null) fail('broken', '10.0.0.1');
      clock.advance(1000);
    }
    expect(ask('neighbour', '10.0.0.1')).toBeNull();
  });

  test('holds for a whole IPv6 network, and for an IPv4 address however it is written', () => {
    const { fail, ask } = aGuard();
    for (let i = 0; i < 5; i++) fail(`guess-${i}`, `2001:db8:1:2::${i}`);
    expect(ask('x', '2001:db8:1:2:ffff::1')).toBe('banned');
    expect(ask('x', '2001:db8:1:3::1')).toBeNull();
    fail('pump', '::ffff:10.0.0.1', 3);
    expect(ask('pump', '10.0.0.1')).toBe('banned');
  });

  test('goes when the user gets another password', () => {
    const { guard, fail, ask } = aGuard();
    fail('pump', '10.0.0.1', 3);
    fail('pump-2', '10.0.0.2', 3);
    guard.forget(new Set(['pump']));
    expect(ask('pump', '10.0.0.1')).toBeNull();
    expect(ask('pump-2', '10.0.0.2')).toBe('banned');
  });

  test('a success forgives the user, not the address', () => {
    const { guard, fail, ask } = aGuard({ failuresPerAddress: 4 });
    fail('mine', '10.0.0.1', 2);
    guard.succeeded({ username: 'mine', address: '10.0.0.1' });
    fail('mine', '10.0.0.1', 2);
    expect(ask('mine', '10.0.0.1')).toBeNull();
    expect(ask('yours', '10.0.0.1')).toBe('banned');
  });

  test('users whose names run together with an address are not mistaken for others', () => {
    const { fail, ask } = aGuard();
    fail('a 10.0.0.1', '10.0.0.2', 3);
    expect(ask('a', '10.0.0.1')).toBeNull();
    fail('x'.repeat(60_000), '10.0.0.3', 3);
    expect(ask('x'.repeat(60_000), '10.0.0.3')).toBe('banned');
    expect(ask('x'.repeat(60_001), '10.0.0.3')).toBeNull();
  });
});

describe('a delay', () => {
  const limits = { failuresPerLogin: 100, failuresPerAddress: 1000, failuresBeforeDelay: 2, firstDelayMs: 100 };

  /** How long the attempt is made to wait. */
  async function delayOf({ clock, ask }: ReturnType<typeof aGuard>, username: string, address: string) {
    const begun = clock.uptime();
    const answer = ask(username, address);
    if (!(answer instanceof Promise)) return answer === null ? 0 : answer;
    let isOver = false;
    const over = answer.then(() => (isOver = true));
    while (!isOver) {
      clock.advance(50);
      await Promise.resolve();
      await Promise.resolve();
    }
    await over;
    return clock.uptime() - begun;
  }

  test('doubles with each failure, up to its limit', async () => {
    const it = aGuard({ ...limits, delayLimitMs: 500 });
    const delays: unknown[] = [];
    for (let i = 0; i < 6; i++) {
      delays.push(await delayOf(it, 'pump', '10.0.0.1'));
      it.fail('pump', '10.0.0.1');
    }
    expect(delays).toEqual([0, 0, 100, 200, 400, 500]);
  });

  test('slows a user down whom many addresses guess at, but not where the user has logged in before', async () => {
    const it = aGuard(limits);
    it.guard.succeeded({ username: 'pump', address: '10.0.0.1' });
    for (let i = 0; i < 50; i++) it.fail('pump', `10.0.1.${i}`);
    expect(await delayOf(it, 'pump', '10.0.2.1')).toBe(4000);
    expect(await delayOf(it, 'pump', '10.0.0.1')).toBe(0);
    expect(await delayOf(it, 'valve', '10.0.2.1')).toBe(0);
  });

  test('ends in a ban that came meanwhile', async () => {
    const it = aGuard({ ...limits, failuresPerLogin: 3 });
    it.fail('pump', '10.0.0.1', 2);
    const answer = it.ask('pump', '10.0.0.1');
    it.fail('pump', '10.0.0.1');
    it.clock.advance(1000);
    expect(await answer).toBe('banned');
  });

  test('is for so many at once: for a user, for an address, in all', async () => {
    const it = aGuard({ ...limits, delayed: 3, delayedPerKey: 2 });
    for (const user of ['a', 'b', 'c', 'd']) it.fail(user, '10.0.0.9', 2);
    const come = async (user: string, address: string) => it.ask(user, address);
    const waiting = [come('a', '10.0.0.1'), come('a', '10.0.0.2')];
    expect(it.ask('a', '10.0.0.3')).toBe('server-busy');
    waiting.push(come('b', '10.0.0.1'));
    expect(it.ask('c', '10.0.0.1')).toBe('server-busy');
    expect(it.ask('d', '10.0.0.4')).toBe('server-busy');
    it.clock.advance(1000);
    expect(await Promise.all(waiting)).toEqual([null, null, null]);
    expect(await delayOf(it, 'd', '10.0.0.4')).toBe(100);
  });
});

describe('what operators see of it', () => {
  test('is where a user is banned, since when and for how long still', () => {
    const { clock, guard, fail } = aGuard();
    fail('pump', '10.0.0.1', 3);
    clock.advance(MINUTE / 2);
    fail('pump', '2001:db8::7', 3);
    fail('pump', null, 3);
    fail('pump', '10.0.0.2', 2);
    fail('valve', '10.0.0.1', 3);
    expect(guard.bansOf('pump')).toEqual([
      { address: '10.0.0.1', ageMs: MINUTE / 2, leftMs: MINUTE / 2 },
      { address: '2001:db8:0:0::/64', ageMs: 0, leftMs: MINUTE },
      { address: 'local', ageMs: 0, leftMs: MINUTE },
    ]);
    expect(guard.bansOf('pum')).toEqual([]);
    clock.advance(MINUTE);
    expect(guard.bansOf('pump')).toEqual([]);
  });

  test.each(['10.0.0.1', '2001:db8:0:0::/64', 'local'])(
    'at %s can be lifted, and taken back for what was left',
    (at) => {
      const from = at === 'local' ? null : at.replace('/64', '9');
      const { clock, guard, fail, ask } = aGuard();
      const name = 'a very long "name" '.repeat(10).trim();
      fail(name, from, 3);
      clock.advance(MINUTE / 4);
      expect(guard.lift(name, at)).toMatchObject({ address: at, leftMs: (MINUTE * 3) / 4 });
      expect([ask(name, from), guard.lift(name, at)]).toEqual([null, null]);
      const again = guard.ban(name, at, MINUTE / 2);
      expect([again, ask(name, from)]).toEqual([{ address: at, ageMs: MINUTE / 2, leftMs: MINUTE / 2 }, 'banned']);
      clock.advance(MINUTE / 2);
      expect(ask(name, from)).toBeNull();
      expect(guard.ban(name, at, MINUTE * 100).leftMs).toBe(MINUTE);
    },
  );
});
