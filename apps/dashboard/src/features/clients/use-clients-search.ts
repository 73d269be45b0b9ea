import { useSearch } from '@tanstack/react-router';
import { type ChangeSearch, useChangeSearch } from '../../shared/search/use-change-search.js';
import type { ClientsSearch } from './search.js';

/** What the address says, and how to change it. */
export function useClientsSearch(): [ClientsSearch, ChangeSearch<ClientsSearch>] {
  return [useSearch({ from: '/shell/clients' }), useChangeSearch()];
}
