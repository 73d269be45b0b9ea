import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { scratchFolder } from '../../testing/scratch-folder.js';
import { type ChainedEntry, chainHash, GENESIS } from './chain.js';

const script = fileURLToPath(new URL('../../../../../tools/verify-audit.mjs', import.meta.url));

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

function verify(entries: readonly object[], ...options: string[]) {
  const file = join(scratchFolder(), 'audit.ndjson');
  writeFileSync(file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  const { status, stdout } = spawnSync(process.execPath, [script, file, ...options], { encoding: 'utf8' });
  return [status, stdout.trim()];
}

test('an exported log is verified without the server, as the server does it', () => {
  const log = exported(5);
  expect(verify(log)).toEqual([0, 'Intact: 5 entries, from its beginning on.']);
  expect(verify(log, '--head', log[0]!.hash)[0]).toBe(0);
  expect(verify(log.slice(0, 3))[1]).toMatch(/^Intact: 3 entries, from entry 3 on/);
  expect(verify(log.slice(0, 3), '--from', log[3]!.hash)[0]).toBe(0);
});

test('what was changed, taken out or cut off shows', () => {
  const log = exported(5);
  expect(verify(log.with(2, { ...log[2]!, operator: 'ben' }))).toEqual([
    1,
    expect.stringContaining('BROKEN at entry 3'),
  ]);
  expect(verify(log.toSpliced(2, 1))[1]).toContain('BROKEN at entry 4');
  expect(verify(log.with(1, { ...log[1]!, hash: null as unknown as string }))[1]).toContain('has no hash');
  expect(verify(log.slice(1), '--head', log[0]!.hash)[1]).toContain('that was noted');
  expect(verify(log.slice(0, 3), '--from', log[4]!.hash)[0]).toBe(1);
});

test('what is no log is said, and is not intact', () => {
  expect(verify([])[0]).toBe(2);
  expect(spawnSync(process.execPath, [script]).status).toBe(2);
  expect(verify(exported(1), '--head', 'short')[0]).toBe(2);
});
