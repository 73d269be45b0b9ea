import { idleRules, type RuleUse, ruleUse } from '@perch/policy';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { PolicyBlame, RuleHits } from '../../shared/api/generated/types.gen.js';
import { policyBlame, ruleHits } from './queries.js';

/** The live rules that may have been of no use for long; undefined until that is known. The others are left out. */
export function useRuleUses(nowMs: number): ReadonlyMap<string, RuleUse> | undefined {
  const { data: hits } = useQuery(ruleHits());
  const idle = useMemo(() => (hits ? idleRules(hits.items, hits.since, nowMs) : []), [hits, nowMs]);
  // Who changed what is read back from the revisions: only where it decides something.
  const blame = useQuery({ ...policyBlame(hits?.revision ?? 0), enabled: idle.length > 0 });
  return useMemo(() => usesOf(idle, hits?.since, blame.data), [idle, hits?.since, blame.data]);
}

function usesOf(idle: readonly RuleHits[], since: string | null | undefined, blame: PolicyBlame | undefined) {
  if (!since || !blame) return undefined;
  const changes = new Map(blame.items.map(({ ruleId, changed }) => [ruleId, changed]));
  return new Map(idle.map((hit) => [hit.ruleId, ruleUse(hit, since, changes.get(hit.ruleId)?.createdAt)]));
}
