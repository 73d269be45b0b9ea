import { useSearch } from '@tanstack/react-router';
import { type ChangeSearch, useChangeSearch } from '../../shared/search/use-change-search.js';
import type { RulesSearch } from './search.js';

/** What the address says, and how to change it. */
export function useRulesSearch(): [RulesSearch, ChangeSearch<RulesSearch>] {
  return [useSearch({ from: '/shell/access/rules' }), useChangeSearch()];
}
