import { choiceParam, type RawSearch, textParam } from '../../shared/search/search.js';

/** What the address of the rules page says: the search, the dock's tab, and the question asked of the access test. */
export interface RulesSearch {
  readonly q?: string;
  readonly view?: 'text';
  readonly tab?: 'test' | 'problems';
  /** The rule to show, by id. */
  readonly rule?: string;
  readonly client?: string;
  readonly username?: string;
  readonly address?: string;
  readonly action?: 'publish' | 'subscribe';
  readonly topic?: string;
  readonly against?: 'saved';
}

/** Reads the address of the rules page. */
export function rulesSearch(search: RawSearch): RulesSearch {
  return {
    q: textParam(search, 'q'),
    view: choiceParam(search, 'view', ['text']),
    tab: choiceParam(search, 'tab', ['test', 'problems']),
    rule: textParam(search, 'rule'),
    client: textParam(search, 'client'),
    username: textParam(search, 'username'),
    address: textParam(search, 'address'),
    action: choiceParam(search, 'action', ['publish', 'subscribe']),
    topic: textParam(search, 'topic'),
    against: choiceParam(search, 'against', ['saved']),
  };
}
