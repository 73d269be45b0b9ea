import { type AddressRange, parseAddress, parseAddressRange, rangeContains } from '@perch/policy';
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

/** Whether both speak of the same clients, however they are written. */
export function isSameTarget(a: BanTarget, b: BanTarget): boolean {
  if (a.kind !== b.kind) return false;
  const [left, right] = [a, b].map(({ kind, value }) => (kind === 'ipaddr' ? parseAddressRange(value) : null));
  return left && right ? isSameRange(left, right) : a.value === b.value;
}

function isSameRange(a: AddressRange, b: AddressRange): boolean {
  return a.bits === b.bits && rangeContains(a, b.address);
}
