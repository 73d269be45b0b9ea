import { expect, test } from 'vitest';
import { type ChainedEntry, chainHash, GENESIS } from './chain.js';
import { type KnownHashes, verifyExport } from './verify-export.js';

const anEntry = (number: number): ChainedEntry => ({
  at: new Date(Date.UTC(2026, 0, 1, 0, 0, number)).toISOString(),
  operator: 'ana',
  action: 'users.update',
  object: `user/pump-${number}`,
  result: 'done',
  address: '127.0.0.1',
  requestId: 'r',
  before: { note: 'ü', nested: { b: [1, { y: null, x: true }], a: '' } },
  after: null,
  reason: null,
});

/** An export as the server writes it: newest first, keys in an order of their own. */
function exported(count: number) {
  let previous = GENESIS;
  const entries = Array.from({ length: count }, (_, index) => {
    const entry = anEntry(index);
    previous = chainHash(previous, entry);
    const { nested, ...rest } = entry.before as { nested: object };
    return {
      id: String(index + 1),
      hash: Buffer.from(previous).toString('hex'),
      ...entry,
      before: { nested, ...rest },
    };
  });
  return entries.toReversed();
}

async function* linesOf(entries: readonly object[]) {
  for (const entry of entries) yield await Promise.resolve(JSON.stringify(entry));
}

const verify = (entries: readonly object[], known: KnownHashes = {}) => verifyExport(linesOf(entries), known);

test('an export is verified without the server, from its beginning or from what is known before it', async () => {
  const log = exported(5);
  expect(await verify(log, { head: log[0]!.hash })).toEqual({
    ...{ isIntact: true, entries: 5, head: log[0]!.hash, brokenAt: null, isWhole: true },
    says: 'Intact: 5 entries, from its beginning on.',
  });
  const part = await verify(log.slice(0, 3));
  expect(part).toMatchObject({ isIntact: true, isWhole: false });
  expect(part.says).toMatch(/^Intact: 3 entries, from entry 3 on/);
  expect(await verify(log.slice(0, 3), { from: log[3]!.hash })).toMatchObject({ isIntact: true, isWhole: true });
});

test('what was changed, taken out or cut off shows', async () => {
  const log = exported(5);
  expect(await verify(log.with(2, { ...log[2]!, operator: 'ben' }))).toMatchObject({
    isIntact: false,
    brokenAt: { id: '3' },
  });
  expect(await verify(log.toSpliced(2, 1))).toMatchObject({ brokenAt: { id: '4' } });
  expect((await verify(log.with(1, { ...log[1]!, hash: null as unknown as string }))).says).toContain('has no hash');
  expect((await verify(log.slice(1), { head: log[0]!.hash })).says).toContain('that was noted');
  expect(await verify(log.slice(0, 3), { from: log[4]!.hash })).toMatchObject({ isIntact: false });
});

test('nothing is not intact, and what is no log is no answer', async () => {
  expect(await verify([])).toMatchObject({ isIntact: false, entries: 0 });
  expect(await verify([{ id: '1' }])).toMatchObject({ isIntact: false });
});
