import type { Authorization } from '@perch/broker';
import type { Action } from '@perch/policy';
import { expect, test } from 'vitest';
import { HttpAuthorizer as Settings } from '../access-settings.schema.js';
import { HookFailure } from '../hooks/hook-client.js';
import { AuthorizerChain } from './authorizer-chain.js';

const client = { clientId: 'c', username: 'pump', address: null };
const YES: Authorization = { allowed: true, validUntil: null };
const NO: Authorization = { allowed: false, validUntil: null };
const NOTHING: Authorization = { allowed: null, validUntil: null };

interface Scripted {
  readonly id: string;
  readonly prefixes?: string[];
  readonly actions?: Action[];
  /** Null: it has no answer. */
  readonly says?: Authorization | null;
}

/** A chain of hooks that say what the test says, and which of them were asked. */
function aChain(...hooks: Scripted[]) {
  const asked: string[] = [];
  const chain = new AuthorizerChain(
    hooks.map(({ says = YES, ...fields }) => ({
      settings: Settings.parse({ kind: 'http', url: 'http://127.0.0.1:9', ...fields }),
      problem: null,
      ask: () => {
        asked.push(fields.id);
        return says ? Promise.resolve(says) : Promise.reject(new HookFailure('It is away.', fields.id));
      },
    })),
  );
  const ask = (topic: string, action: Action = 'subscribe') => chain.ask(client, action, topic);
  const askedAbout = async (topic: string, action?: Action) => {
    asked.length = 0;
    await ask(topic, action);
    return asked.join(' ');
  };
  return { chain, ask, askedAbout };
}

const tree: Scripted[] = [
  { id: 'all' },
  { id: 'plant', prefixes: ['plant'] },
  { id: 'one', prefixes: ['plant/1', 'office'] },
  { id: 'too', prefixes: ['plant/1'] },
];

test.each([
  ['home', 'all'],
  ['plantation', 'all'],
  ['plant', 'plant'],
  ['plant/2/a', 'plant'],
  ['plant/10', 'plant'],
  ['plant/1', 'one too'],
  ['plant/1/#', 'one too'],
  ['office/x', 'one'],
  ['plant/#', 'plant one too'],
  ['plant/+', 'plant one too'],
  ['+/1', 'all plant one too'],
  ['+/2', 'all plant one'],
  ['#', 'all plant one too'],
])('about %s are asked: %s', async (topic, ids) => {
  expect(await aChain(...tree).askedAbout(topic)).toBe(ids);
});

test('publishing and subscribing may be asked of different hooks', async () => {
  const { askedAbout } = aChain(
    { id: 'in', prefixes: ['a'], actions: ['publish'] },
    { id: 'out', prefixes: ['a/b'], actions: ['subscribe'] },
  );
  expect(await askedAbout('a/b', 'publish')).toBe('in');
  expect(await askedAbout('a/b', 'subscribe')).toBe('out');
  expect(await askedAbout('a', 'subscribe')).toBe('');
});

test('where no prefix leads there is nothing to say', async () => {
  expect(await aChain({ id: 'a', prefixes: ['a'] }).ask('b')).toEqual(NOTHING);
});

test('all have to allow it, for as long as the shortest of them says; who refuses is named', async () => {
  const until = (id: string, validUntil: number | null) => ({ id, says: { allowed: true, validUntil } });
  expect(await aChain(until('a', null), until('b', 5_000), until('c', 9_000)).ask('x')).toEqual({
    allowed: true,
    validUntil: 5_000,
  });
  expect(await aChain(until('a', null), until('b', null)).ask('x')).toEqual(YES);
  const { ask, chain } = aChain({ id: 'a' }, { id: 'b', says: NO }, { id: 'c', says: null });
  expect(await ask('x')).toEqual({ ...NO, by: 'b' });
  expect(chain.status()).toMatchObject([
    { id: 'a', accepted: 1 },
    { id: 'b', refused: 1 },
    { id: 'c', failed: 1 },
  ]);
});

test('one that has nothing to say leaves it to the default of the policy, whatever others allow', async () => {
  expect(await aChain({ id: 'a' }, { id: 'b', says: NOTHING }).ask('x')).toEqual(NOTHING);
});

test('one that does not answer is a no, and named', async () => {
  const { ask } = aChain({ id: 'a' }, { id: 'b', says: null });
  await expect(ask('x')).rejects.toMatchObject({ by: 'b', message: 'It is away.' });
});
