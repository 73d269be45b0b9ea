import { useSearch } from '@tanstack/react-router';
import { type ChangeSearch, useChangeSearch } from '../../shared/search/use-change-search.js';
import type { RetainedSearch } from './search.js';

/** What the address says, and how to change it. */
export function useRetainedSearch(): [RetainedSearch, ChangeSearch<RetainedSearch>] {
  return [useSearch({ from: '/shell/retained' }), useChangeSearch()];
}
