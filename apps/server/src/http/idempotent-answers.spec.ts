import { expect, test } from 'vitest';
import { IdempotentAnswers } from './idempotent-answers.js';

function counted(limits = { callers: 2, keysPerCaller: 2, ttlMs: 1_000 }) {
  let now = 0;
  let runs = 0;
  const answers = new IdempotentAnswers<number>(limits, () => now);
  const once = (key: string | undefined, body: unknown = 1, caller = 'a') =>
    answers.once({ caller, key, body }, () => Promise.resolve(++runs));
  return { answers, once, pass: (ms: number) => (now += ms) };
}

test('without a key everything is done each time', async () => {
  const { once } = counted();
  expect([await once(undefined), await once(undefined)]).toEqual([1, 2]);
});

test('with a key it is done once, for as long as that is remembered', async () => {
  const { once, pass } = counted();
  expect([await once('k'), await once('k')]).toEqual([1, 1]);
  pass(1_001);
  expect(await once('k')).toBe(2);
});

test('another request with the key is a conflict', async () => {
  const { once } = counted();
  await once('k', { a: 1 });
  expect(() => once('k', { a: 2 })).toThrow(expect.objectContaining({ code: 'idempotency-conflict' }));
});

test('the keys of one caller push out none of another', async () => {
  const { once } = counted();
  await once('k', 1, 'a');
  for (const key of ['1', '2', '3']) await once(key, 1, 'b');
  expect(await once('k', 1, 'a')).toBe(1);
});

test('what failed may be tried again', async () => {
  const { answers, once } = counted();
  const failing = answers.once({ caller: 'a', key: 'k', body: 1 }, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await once('k', 2)).toBe(1);
});

test.each(['', 'a b', 'ü', 'x'.repeat(256)])('%j is no key', (key) => {
  expect(() => counted().once(key)).toThrow(expect.objectContaining({ code: 'bad-request' }));
});
