import { expect, test } from 'vitest';
import { IdempotentAnswers } from './idempotent-answers.js';

function counted(limits = { results: 5, resultsPerCaller: 2, ttlMs: 1_000 }) {
  let now = 0;
  let runs = 0;
  const answers = new IdempotentAnswers(limits, () => now);
  const once = (key: string | undefined, body: unknown = 1, { caller = 'a', results = 1 } = {}) =>
    answers.once({ caller, key, body, results }, () => Promise.resolve(++runs));
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
  const { answers, once } = counted();
  await once('k', 1, { caller: 'a' });
  for (const key of ['1', '2', '3']) await once(key, 1, { caller: 'b' });
  expect(await once('k', 1, { caller: 'a' })).toBe(1);
  expect([answers.results, answers.repeated, answers.forgotten]).toEqual([3, 1, 1]);
});

test('a batch counts as many times as it has results; at the bound of all, what is oldest goes first', async () => {
  const { answers, once } = counted();
  for (const caller of ['a', 'b', 'c']) await once('k', 1, { caller, results: 2 });
  expect([answers.results, answers.forgotten]).toEqual([4, 1]);
  expect(await once('k', 1, { caller: 'c', results: 2 })).toBe(3);
  expect(await once('k', 1, { caller: 'a', results: 2 })).toBe(4);
});

test('what is over is forgotten, and takes no room', async () => {
  const { answers, once, pass } = counted();
  await once('1');
  await once('2', 1, { caller: 'b' });
  pass(1_001);
  await once('3');
  expect([answers.results, answers.forgotten]).toEqual([1, 0]);
});

test('what failed may be tried again', async () => {
  const { answers, once } = counted();
  const failing = answers.once({ caller: 'a', key: 'k', body: 1, results: 1 }, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await once('k', 2)).toBe(1);
});

test.each(['', 'a b', 'ü', 'x'.repeat(256)])('%j is no key', (key) => {
  expect(() => counted().once(key)).toThrow(expect.objectContaining({ code: 'bad-request' }));
});
