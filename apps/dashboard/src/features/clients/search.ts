import { choiceParam, type RawSearch, textParam } from '../../shared/search/search.js';
import { everyone, type PresenceQuery, type SortKey } from './presence-view.js';

/** The protocols a client can speak. */
export const protocols = ['mqtt3.1', 'mqtt3.1.1', 'mqtt5', 'json'] as const;

const sortKeys = ['clientId', 'online', 'username', 'protocol', 'address', 'since', 'reason'] as const;
const sorts = [...sortKeys, ...sortKeys.map((key) => `-${key}` as const)] as const;

/** What the drawer of a client shows. */
export const clientTabs = ['session', 'subscriptions', 'traffic', 'timeline', 'denied', 'access'] as const;

export type ClientTab = (typeof clientTabs)[number];

/** What the address of the clients page says: its filters and order, and which client's drawer is open. */
export interface ClientsSearch {
  readonly q?: string;
  readonly state?: 'online' | 'offline';
  readonly username?: string;
  readonly protocol?: (typeof protocols)[number];
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
    state: choiceParam(search, 'state', ['online', 'offline']),
    username: textParam(search, 'username'),
    protocol: choiceParam(search, 'protocol', protocols),
    sort: choiceParam(search, 'sort', sorts),
    c: textParam(search, 'c'),
    tab: choiceParam(search, 'tab', clientTabs),
  };
}

/** What the view has to list for this address. */
export function presenceQueryOf({ q, state, username, protocol, sort = 'clientId' }: ClientsSearch): PresenceQuery {
  const isDescending = sort.startsWith('-');
  return {
    ...everyone,
    text: q ?? '',
    state: state ?? null,
    username: username ?? null,
    protocol: protocol ?? null,
    sort: (isDescending ? sort.slice(1) : sort) as SortKey,
    isDescending,
  };
}

/** The order after a click on a column: ascending, descending, back to the default. */
export function nextSort(current: ClientsSearch['sort'], key: SortKey): ClientsSearch['sort'] {
  if (current === key || (current === undefined && key === 'clientId')) return `-${key}`;
  if (current === `-${key}`) return undefined;
  return key;
}

/** How many filters narrow the list. */
export function countFilters({ q, state, username, protocol }: ClientsSearch): number {
  return [q, state, username, protocol].filter((filter) => filter !== undefined).length;
}
