import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { livePolicy } from './queries.js';
import type { RuleNumbers } from './reason.js';

/** The rules of the live policy by their place, counted from 1 as the editor does; none until they are known. */
export function useRuleNumbers(): RuleNumbers {
  const { data } = useQuery(livePolicy());
  return useMemo(() => new Map(data?.rules.map(({ id }, index) => [id, index + 1])), [data]);
}
