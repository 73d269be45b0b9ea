import { choiceParam, type RawSearch, textParam } from '../../shared/search/search.js';

/** What the address of the users page says: the filter, and what is open. */
export interface UsersSearch {
  readonly q?: string;
  readonly state?: 'active' | 'disabled' | 'expired' | 'locked';
  readonly label?: string;
  /** Opens the form of a new user, or the import. */
  readonly new?: 'user' | 'import';
}

/** Reads the address of the users page. */
export function usersSearch(search: RawSearch): UsersSearch {
  return {
    q: textParam(search, 'q'),
    state: choiceParam(search, 'state', ['active', 'disabled', 'expired', 'locked']),
    label: textParam(search, 'label'),
    new: choiceParam(search, 'new', ['user', 'import']),
  };
}

/** Nothing is filtered. */
export const noFilter = { q: undefined, state: undefined, label: undefined } as const;

/** Whether the list leaves anybody out. */
export function isFiltered({ q, state, label }: UsersSearch): boolean {
  return (q ?? state ?? label) !== undefined;
}
