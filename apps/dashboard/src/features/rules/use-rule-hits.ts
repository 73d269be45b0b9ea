import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { RuleHits } from '../../shared/api/generated/types.gen.js';
import { ruleHits } from './queries.js';

/** How often the live rules decided; undefined until it is known. */
export interface KnownHits {
  readonly byRule: ReadonlyMap<string, RuleHits>;
  /** Hits of the busiest rule in the last 24 hours: the longest bar. */
  readonly mostADay: number;
}

/** How often each live rule decided, kept up to date. */
export function useRuleHits(): KnownHits | undefined {
  const { data } = useQuery(ruleHits());
  return useMemo(() => data && knownHits(data.items), [data]);
}

function knownHits(items: readonly RuleHits[]): KnownHits {
  return {
    byRule: new Map(items.map((item) => [item.ruleId, item])),
    mostADay: items.reduce((most, { day }) => Math.max(most, day), 0),
  };
}
