import { parseAddressRange } from '@perch/policy';
import type { ClientsSearch } from './search.js';
import { sinceRanges } from './since-ranges.js';

/** What of the address narrows the list. */
export const filterKeys = [
  'q',
  'state',
  'protocol',
  'username',
  'address',
  'reason',
  'since',
  'from',
  'to',
  'subscribedTo',
  'denied',
  'banned',
  'flapping',
] as const;

export type FilterKey = (typeof filterKeys)[number];

/** Nothing narrows the list. */
export const noFilters: Readonly<Record<FilterKey, undefined>> = {
  q: undefined,
  state: undefined,
  protocol: undefined,
  username: undefined,
  address: undefined,
  reason: undefined,
  since: undefined,
  from: undefined,
  to: undefined,
  subscribedTo: undefined,
  denied: undefined,
  banned: undefined,
  flapping: undefined,
};

/** How many filters narrow the list. */
export function countFilters(search: ClientsSearch): number {
  // Both ends of a time are one filter.
  return filterKeys.filter((key) => search[key] !== undefined && (key !== 'to' || search.from === undefined)).length;
}

/** Whether a text can be looked for as an address or a block of them. */
export function isAddress(text: string): boolean {
  return parseAddressRange(text) !== null;
}

/** The same filters as the server takes them, for a list or a file. */
export function serverFilterOf(search: ClientsSearch, nowMs: number) {
  const { q, state, protocol, username, address, reason, since, from, to } = search;
  const { subscribedTo, denied, banned, flapping } = search;
  return {
    q,
    state,
    protocol,
    username,
    address,
    reason,
    since: from ?? (since && new Date(nowMs - sinceRanges[since]).toISOString()),
    until: to,
    subscribedTo,
    denied,
    banned,
    flapping,
  };
}
