import { skipToken, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type KnownRanks, nextRanks, rankKeyOf } from './client-rank.js';
import type { Ranks, SortKey } from './presence-view.js';
import { clientRanks } from './queries.js';

/** What the list is sorted by where presence does not know it; null in `ranks` where it does. */
export interface ClientRanksState {
  readonly ranks: Ranks | null;
  readonly isLoading: boolean;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

/** Asks by what the list is sorted, again and again while somebody looks. */
export function useClientRanks(sort: SortKey): ClientRanksState {
  const by = rankKeyOf(sort);
  const [known, setKnown] = useState<KnownRanks | null>(null);
  const isKnown = known !== null && known.by === by && known.ranks !== null;
  const options = clientRanks(by ?? 'subscriptions', !isKnown);
  const { data, error, refetch } = useQuery(by === null ? { ...options, queryFn: skipToken } : options);
  useEffect(() => {
    setKnown((before) => (by === null || data === undefined ? null : nextRanks(before, by, data)));
  }, [by, data]);
  return {
    ranks: isKnown ? known.ranks : null,
    isLoading: by !== null && !isKnown,
    error: isKnown ? null : error,
    refetch,
  };
}
