import { choiceParam, instantParam, type RawSearch, textParam } from '../../shared/search/search.js';
import { type SinceRange, sinceRanges } from './since-ranges.js';
import { type ClientState, clientStates } from './presence-row.js';
import { rankKeyOf } from './client-rank.js';
import { columnKeys } from './column-layout.js';
import { everyone, type PresenceQuery, type SortKey } from './presence-view.js';

/** The protocols a client can speak. */
export const protocols = ['mqtt3.1', 'mqtt3.1.1', 'mqtt5', 'json', 'flywheel', 'flock', 'sse'] as const;

const sorts = [...columnKeys, ...columnKeys.map((key) => `-${key}` as const)] as const;

/** What the drawer of a client shows. */
export const clientTabs = ['session', 'subscriptions', 'traffic', 'timeline', 'denied', 'access'] as const;

export type ClientTab = (typeof clientTabs)[number];

/** What the address of the clients page says: its filters and order, and which client's drawer is open. */
export interface ClientsSearch {
  readonly q?: string;
  readonly state?: ClientState;
  readonly username?: string;
  readonly protocol?: (typeof protocols)[number];
  /** An IP address or a CIDR block. */
  readonly address?: string;
  /** Why the last connection ended, in the broker's word. */
  readonly reason?: string;
  /** It came or went so lately. */
  readonly since?: SinceRange;
  /** It came or went between these instants. */
  readonly from?: string;
  readonly to?: string;
  /** It is subscribed to something of this topic or filter. */
  readonly subscribedTo?: string;
  readonly denied?: 'true';
  readonly banned?: 'true';
  readonly flapping?: 'true';
  /** A column, with a minus in front for descending. */
  readonly sort?: SortKey | `-${SortKey}`;
  /** The client whose drawer is open. */
  readonly c?: string;
  readonly tab?: ClientTab;
}

/** Reads the address of the clients page. */
export function clientsSearch(search: RawSearch): ClientsSearch {
  return {
    q: textParam(search, 'q'),
    state: choiceParam(search, 'state', clientStates),
    username: textParam(search, 'username'),
    protocol: choiceParam(search, 'protocol', protocols),
    address: textParam(search, 'address'),
    reason: textParam(search, 'reason'),
    since: choiceParam(search, 'since', Object.keys(sinceRanges) as SinceRange[]),
    from: instantParam(search, 'from'),
    to: instantParam(search, 'to'),
    subscribedTo: textParam(search, 'subscribedTo'),
    denied: choiceParam(search, 'denied', ['true']),
    banned: choiceParam(search, 'banned', ['true']),
    flapping: choiceParam(search, 'flapping', ['true']),
    sort: choiceParam(search, 'sort', sorts),
    c: textParam(search, 'c'),
    tab: choiceParam(search, 'tab', clientTabs),
  };
}

/** What the view has to list for this address; `among` are those that the server says the other filters mean. */
export function presenceQueryOf(
  search: ClientsSearch,
  { among = null, nowMs = 0 }: { readonly among?: ReadonlySet<string> | null; readonly nowMs?: number } = {},
): PresenceQuery {
  const { q, state, username, protocol, address, reason, since, from, to, sort = 'clientId' } = search;
  const isDescending = sort.startsWith('-');
  return {
    ...everyone,
    text: q ?? '',
    state: state ?? null,
    username: username ?? null,
    protocol: protocol ?? null,
    address: address ?? null,
    reason: reason ?? null,
    sinceFrom: from !== undefined ? Date.parse(from) : since === undefined ? null : nowMs - sinceRanges[since],
    sinceTo: to === undefined ? null : Date.parse(to),
    among,
    sort: (isDescending ? sort.slice(1) : sort) as SortKey,
    isDescending,
  };
}

/** The order after a click on a column: ascending, descending, back to the default. Of what is counted, most comes first. */
export function nextSort(current: ClientsSearch['sort'], key: SortKey): ClientsSearch['sort'] {
  if (rankKeyOf(key) !== null) return current === key ? undefined : current === `-${key}` ? key : `-${key}`;
  if (current === key || (current === undefined && key === 'clientId')) return `-${key}`;
  if (current === `-${key}`) return undefined;
  return key;
}
