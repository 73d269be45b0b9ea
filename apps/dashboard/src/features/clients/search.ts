import { choiceParam, type RawSearch, textParam } from '../../shared/search/search.js';

/** What the address of the clients page says: its filters, and which client's drawer is open. */
export interface ClientsSearch {
  readonly q?: string;
  readonly state?: 'online' | 'offline';
  readonly username?: string;
  readonly protocol?: string;
  readonly address?: string;
  readonly sort?: string;
  /** The client whose drawer is open. */
  readonly c?: string;
  readonly tab?: string;
}

/** Reads the address of the clients page. */
export function clientsSearch(search: RawSearch): ClientsSearch {
  return {
    q: textParam(search, 'q'),
    state: choiceParam(search, 'state', ['online', 'offline']),
    username: textParam(search, 'username'),
    protocol: textParam(search, 'protocol'),
    address: textParam(search, 'address'),
    sort: textParam(search, 'sort'),
    c: textParam(search, 'c'),
    tab: textParam(search, 'tab'),
  };
}
