import { type RawSearch, textParam } from '../../shared/search/search.js';

/** What the address of the registry page says. */
export interface RegistrySearch {
  /** Part of a service, an instance, an address or a user. */
  readonly q?: string;
}

/** Reads the address of the registry page. */
export function registrySearch(search: RawSearch): RegistrySearch {
  return { q: textParam(search, 'q') };
}
