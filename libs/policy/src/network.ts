import { parseAddress } from './address.js';

const V6_GROUPS = 8;
const NETWORK_GROUPS = 4;

/**
 * Who an address stands for where attempts are counted: an IPv4 address itself, of IPv6 its /64, because one host has
 * all of those to choose from. What is no address stands for itself.
 */
export function networkOf(address: string): string {
  // With neither of them it is IPv4, whose text has one form only, or no address.
  if (!address.includes(':') && !address.includes('%')) return address;
  const groups = parseAddress(address);
  if (!groups) return address;
  if (groups.length === V6_GROUPS) return `${hextets(groups.slice(0, NETWORK_GROUPS))}::/64`;
  return groups.flatMap((group) => [group >> 8, group & 0xff]).join('.');
}

function hextets(groups: readonly number[]): string {
  return groups.map((group) => group.toString(16)).join(':');
}
