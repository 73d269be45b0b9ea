import { type RawSearch, textParam } from '../../shared/search/search.js';

/** What the address of the rules page says: the search, the dock's tab, and the question asked of the access test. */
export interface RulesSearch {
  readonly q?: string;
  readonly tab?: string;
  readonly rule?: string;
  readonly client?: string;
  readonly username?: string;
  readonly address?: string;
  readonly action?: string;
  readonly topic?: string;
}

/** Reads the address of the rules page. */
export function rulesSearch(search: RawSearch): RulesSearch {
  return {
    q: textParam(search, 'q'),
    tab: textParam(search, 'tab'),
    rule: textParam(search, 'rule'),
    client: textParam(search, 'client'),
    username: textParam(search, 'username'),
    address: textParam(search, 'address'),
    action: textParam(search, 'action'),
    topic: textParam(search, 'topic'),
  };
}
