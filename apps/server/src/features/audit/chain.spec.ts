import { expect, test } from 'vitest';
import { chainHash, type ChainedEntry, GENESIS, type Link, walkChain } from './chain.js';

const anEntry = (fields: Partial<ChainedEntry> = {}): ChainedEntry => ({
  at: '2026-01-01T00:00:00.000Z',
  operator: 'ana',
  action: 'users.update',
  object: 'user/pump-7',
  result: 'done',
  address: '127.0.0.1',
  requestId: 'r1',
  before: { note: 'old', nested: { b: 1, a: [1, 2] } },
  after: null,
  reason: null,
  ...fields,
});

function chainOf(...entries: ChainedEntry[]): Link[] {
  let previous = GENESIS;
  return entries.map((entry, index) => {
    previous = chainHash(previous, entry);
    return { id: String(index + 1), entry, hash: previous };
  });
}

const links = () => chainOf(anEntry(), anEntry({ operator: 'ben' }), anEntry({ operator: 'zoe' }), anEntry());

const walk = (some: readonly Link[], anchor: Uint8Array = GENESIS) =>
  walkChain(
    (async function* () {
      yield* some;
    })(),
    anchor,
  );

const change = (some: Link[], index: number, fields: Partial<ChainedEntry>) =>
  some.with(index, { ...some[index]!, entry: { ...some[index]!.entry, ...fields } });

test('a chain that nobody touched holds', async () => {
  const all = links();
  expect(await walk(all)).toEqual({ entries: 4, head: all[3]?.hash, brokenAt: null });
});

test('the order in which an object lists its keys means nothing', () => {
  const other = anEntry({ before: { nested: { a: [1, 2], b: 1 }, note: 'old' } });
  expect(chainHash(GENESIS, other)).toEqual(chainHash(GENESIS, anEntry()));
});

test.each([
  ['who', { operator: 'somebody else' }],
  ['when', { at: '2026-01-01T00:00:00.001Z' }],
  ['what', { before: { note: 'old', nested: { b: 1, a: [2, 1] } } }],
  ['why', { reason: '' }],
] satisfies [string, Partial<ChainedEntry>][])('a change of %s shows at its entry', async (_what, fields) => {
  expect((await walk(change(links(), 1, fields))).brokenAt).toMatchObject({ id: '2' });
});

test('an entry that is taken out, put in or moved shows', async () => {
  const all = links();
  expect((await walk(all.toSpliced(1, 1))).brokenAt).toMatchObject({ id: '3' });
  expect((await walk(all.toSpliced(1, 0, { ...all[3]!, id: '9' }))).brokenAt).toMatchObject({ id: '9' });
  expect((await walk([all[0]!, all[2]!, all[1]!, all[3]!])).brokenAt).toMatchObject({ id: '3' });
  expect((await walk(all.with(2, { ...all[2]!, hash: null }))).brokenAt).toMatchObject({ id: '3' });
});

test('what is left after the oldest were cut holds from the hash that it follows, and from no other', async () => {
  const all = links();
  expect((await walk(all.slice(2), all[1]!.hash!)).brokenAt).toBeNull();
  expect((await walk(all.slice(2))).brokenAt).toMatchObject({ id: '3' });
});
