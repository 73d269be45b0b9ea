import { parseAddress, parseAddressRange, rangeContains } from '@perch/policy';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ban } from './ban.js';
import { BanList } from './ban-list.js';

const anyAddress = fc.oneof(
  fc.tuple(fc.constantFrom(10, 192), fc.nat(3), fc.nat(3), fc.nat(255)).map((bytes) => bytes.join('.')),
  fc.tuple(fc.constantFrom('2001:db8', 'fe80:0'), fc.nat(3), fc.nat(3)).map(([a, b, c]) => `${a}:${b}::${c}`),
);
const anyBlock = fc
  .tuple(anyAddress, fc.option(fc.nat(128), { nil: null }))
  .map(([address, bits]) =>
    bits === null ? address : `${address}/${address.includes(':') ? bits : Math.min(bits, 32)}`,
  );
const anyKind = fc.constantFrom('clientid' as const, 'username' as const, 'ipaddr' as const);
const anyBans = fc.array(
  fc.record({ kind: anyKind, block: anyBlock, name: fc.constantFrom('a', 'b', 'c'), ends: fc.option(fc.nat(9)) }),
  { maxLength: 12 },
);

/** The same by looking at every ban. */
function holds({ kind, value, until }: Ban, address: string, now: number): boolean {
  if (until !== null && until <= now) return false;
  if (kind === 'clientid') return value === 'a';
  if (kind === 'username') return value === 'b';
  const range = parseAddressRange(value);
  const own = parseAddress(address);
  return range !== null && own !== null && rangeContains(range, own);
}

describe('the bans that hold', () => {
  test('keep out exactly whom one of them speaks of, whatever was lifted and whatever has ended', () => {
    let keptOut = 0;
    fc.assert(
      fc.property(anyBans, fc.array(fc.nat(11)), anyAddress, fc.nat(9), (drafts, lifted, address, now) => {
        const bans = drafts.map(({ kind, block, name, ends }, index): Ban => {
          const value = kind === 'ipaddr' ? block : name;
          return { id: String(index), kind, value, until: ends };
        });
        // Of two bans of one name the later one counts: there is never more than one.
        const unique = [
          ...new Map(bans.map((ban) => [ban.kind === 'ipaddr' ? ban.id : ban.kind + ban.value, ban])).values(),
        ];
        const list = new BanList(() => now);
        for (const ban of unique) list.put(ban);
        for (const index of lifted) list.remove(String(index));
        const left = unique.filter(({ id }) => !lifted.includes(Number(id)));
        const expected = left.some((ban) => holds(ban, address, now));
        const found = list.find({ clientId: 'a', username: 'b', address });
        expect(found !== null).toBe(expected);
        if (found) expect(holds(found, address, now)).toBe(true);
        keptOut += expected ? 1 : 0;
      }),
      { numRuns: 2000 },
    );
    expect(keptOut).toBeGreaterThan(300);
  });

  test('a ban that is put again holds as it was put last', () => {
    const list = new BanList(() => 100);
    const ban: Ban = { id: '1', kind: 'ipaddr', value: '10.0.0.0/8', until: 50 };
    list.put(ban);
    const client = { clientId: 'x', username: null, address: '10.1.2.3' };
    expect(list.find(client)).toBeNull();
    list.put({ ...ban, until: null });
    expect(list.find(client)?.id).toBe('1');
    expect(list.find({ ...client, address: '::ffff:10.1.2.3' })?.id).toBe('1');
    expect(list.find({ ...client, address: null })).toBeNull();
    list.remove('1');
    expect([list.find(client), list.size]).toEqual([null, 0]);
  });
});
