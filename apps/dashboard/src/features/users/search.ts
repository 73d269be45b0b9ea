import { choiceParam, type RawSearch, textParam } from '../../shared/search/search.js';

/** What the address of the users page says: the filter, and which user's drawer is open. */
export interface UsersSearch {
  readonly q?: string;
  readonly state?: 'active' | 'disabled';
  /** Opens the form of a new user. */
  readonly new?: 'user';
}

/** Reads the address of the users page. */
export function usersSearch(search: RawSearch): UsersSearch {
  return {
    q: textParam(search, 'q'),
    state: choiceParam(search, 'state', ['active', 'disabled']),
    new: choiceParam(search, 'new', ['user']),
  };
}
