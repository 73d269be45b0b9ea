import { useSearch } from '@tanstack/react-router';
import { type ChangeSearch, useChangeSearch } from '../../shared/search/use-change-search.js';
import type { TopicsSearch } from './search.js';

/** What the address says, and how to change it. */
export function useTopicsSearch(): [TopicsSearch, ChangeSearch<TopicsSearch>] {
  return [useSearch({ from: '/shell/topics' }), useChangeSearch()];
}
