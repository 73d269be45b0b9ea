import { expect, test } from 'vitest';
import { AttemptLimiter } from './attempt-limiter.js';

function aLimiter(keys = 10) {
  const time = { now: 1000 };
  return { time, limiter: new AttemptLimiter({ attempts: 2, windowMs: 100, keys }, () => time.now) };
}

test('a key is blocked from its last attempt to the end of its window', () => {
  const { limiter, time } = aLimiter();
  limiter.count('a');
  expect(limiter.blockedForMs('a')).toBe(0);
  time.now += 40;
  limiter.count('a');
  expect(limiter.blockedForMs('a')).toBe(60);
  expect(limiter.blockedForMs('b')).toBe(0);
  time.now += 60;
  expect(limiter.blockedForMs('a')).toBe(0);
  limiter.count('a');
  expect(limiter.blockedForMs('a')).toBe(0);
});

test('a success forgets the failures before it', () => {
  const { limiter } = aLimiter();
  limiter.count('a');
  limiter.forget('a');
  limiter.count('a');
  expect(limiter.blockedForMs('a')).toBe(0);
});

test('it remembers no more keys than its bound', () => {
  const { limiter } = aLimiter(1);
  limiter.count('a');
  limiter.count('a');
  limiter.count('b');
  expect(limiter.blockedForMs('a')).toBe(0);
});

test('an attempt that is given back does not count', () => {
  const { limiter } = aLimiter();
  for (let i = 0; i < 5; i++) {
    limiter.count('a');
    limiter.giveBack('a');
  }
  expect(limiter.blockedForMs('a')).toBe(0);
  limiter.giveBack('a');
  limiter.count('a');
  limiter.count('a');
  expect(limiter.blockedForMs('a')).toBeGreaterThan(0);
});

test('a key may be blocked for longer than its window lasts', () => {
  const time = { now: 1000 };
  const limiter = new AttemptLimiter({ attempts: 2, windowMs: 100, blockMs: 500, keys: 10 }, () => time.now);
  limiter.count('a');
  time.now += 99;
  limiter.count('a');
  expect(limiter.blockedForMs('a')).toBe(500);
  time.now += 500;
  expect(limiter.blockedForMs('a')).toBe(0);
  expect(limiter.countOf('a')).toBe(0);
});

test('keys that begin alike are forgotten together', () => {
  const { limiter } = aLimiter();
  for (const key of ['a 1', 'a 2', 'b 1']) limiter.count(key);
  limiter.forgetWhere((key) => key.startsWith('a '));
  expect(['a 1', 'a 2', 'b 1'].map((key) => limiter.countOf(key))).toEqual([0, 0, 1]);
});

test('who is blocked can be told, and somebody blocked by hand is so until then', () => {
  const { limiter, time } = aLimiter();
  limiter.count('a');
  limiter.count('b');
  limiter.count('b');
  limiter.block('c', 30);
  expect([...limiter.blocked()]).toEqual([
    { key: 'b', leftMs: 100 },
    { key: 'c', leftMs: 30 },
  ]);
  time.now += 30;
  expect([...limiter.blocked()].map(({ key }) => key)).toEqual(['b']);
  expect(limiter.countOf('c')).toBe(0);
});
