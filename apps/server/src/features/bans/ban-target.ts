import { parseAddress, parseAddressRange, rangeContains } from '@perch/policy';
import type { Actor } from '../../http/actor.js';
import { prefixOf } from '../../policy/bans/address-bans.js';
import type { BanSubject } from '../../policy/bans/ban.js';
import type { BanTarget } from './ban.schemas.js';

/** Whether a ban of this target speaks of the client. */
export function meets({ kind, value }: BanTarget, client: BanSubject): boolean {
  if (kind === 'clientid') return client.clientId === value;
  if (kind === 'username') return client.username === value;
  return reaches(value, client.address);
}

/** Whether the address lies in the block. */
export function reaches(block: string, address: string | null): boolean {
  const range = parseAddressRange(block);
  const own = address === null ? null : parseAddress(address);
  return range !== null && own !== null && rangeContains(range, own);
}

/** Whether a ban of this target would keep out who sets it. */
export function isOwn({ kind, value }: BanTarget, { address }: Pick<Actor, 'address'>): boolean {
  return kind === 'ipaddr' && reaches(value, address);
}

/** The same text for targets that speak of the same clients, however they are written. */
export function targetKey({ kind, value }: BanTarget): string {
  const range = kind === 'ipaddr' ? parseAddressRange(value) : null;
  if (!range) return `${kind} ${value}`;
  const { address, bits } = range;
  return `${kind} ${address.length} ${bits} ${prefixOf(address, bits)}`;
}
