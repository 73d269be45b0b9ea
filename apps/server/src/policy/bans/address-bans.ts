import { type Address, parseAddress, parseAddressRange } from '@perch/policy';
import type { Ban } from './ban.js';

/** Bans of addresses and blocks, found by one look-up for each length of prefix that there is. */
export class AddressBans {
  /** By the family and the length of the prefix, then by its bits. */
  private readonly byPrefix = new Map<string, PrefixBans>();

  /** Adds a ban whose value is a block. */
  add(ban: Ban): void {
    const place = placeOf(ban);
    if (!place) return;
    const { family, groups, bits } = place;
    const key = `${family}/${bits}`;
    let prefix = this.byPrefix.get(key);
    if (!prefix) this.byPrefix.set(key, (prefix = { groups, bits, bans: new Map() }));
    const text = prefixOf(place.address, bits);
    const bans = prefix.bans.get(text);
    if (bans) bans.push(ban);
    else prefix.bans.set(text, [ban]);
  }

  remove(ban: Ban): void {
    const place = placeOf(ban);
    if (!place) return;
    const key = `${place.family}/${place.bits}`;
    const prefix = this.byPrefix.get(key);
    const text = prefixOf(place.address, place.bits);
    const left = prefix?.bans.get(text)?.filter(({ id }) => id !== ban.id) ?? [];
    if (left.length > 0) prefix?.bans.set(text, left);
    else prefix?.bans.delete(text);
    if (prefix?.bans.size === 0) this.byPrefix.delete(key);
  }

  /** Every ban whose block the address lies in. */
  at(text: string): readonly Ban[] {
    if (this.byPrefix.size === 0) return NONE;
    const address = parseAddress(text);
    if (!address) return NONE;
    let found = NONE;
    for (const { groups, bits, bans } of this.byPrefix.values()) {
      if (groups !== address.length) continue;
      const here = bans.get(prefixOf(address, bits));
      if (here) found = [...found, ...here];
    }
    return found;
  }
}

interface PrefixBans {
  /** Of an address of the family: two for IPv4, eight for IPv6. */
  readonly groups: number;
  readonly bits: number;
  readonly bans: Map<string, Ban[]>;
}

const NONE: readonly Ban[] = [];
const GROUP_BITS = 16;

function placeOf({ value }: Ban) {
  const range = parseAddressRange(value);
  if (!range) return null;
  const groups = range.address.length;
  return { address: range.address, bits: range.bits, groups, family: groups === 2 ? 'v4' : 'v6' };
}

/** The first bits of an address; those behind them are zero. */
export function prefixOf(address: Address, bits: number): string {
  return address
    .map((group, index) => {
      const left = Math.min(Math.max(bits - index * GROUP_BITS, 0), GROUP_BITS);
      return group & ((0xffff << (GROUP_BITS - left)) & 0xffff);
    })
    .join(':');
}
