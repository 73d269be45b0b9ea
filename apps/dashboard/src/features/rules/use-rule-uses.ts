import { type RuleUse, UNUSED_MS } from '@perch/policy';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { PolicyBlame, RuleHitList, RuleHits } from '../../shared/api/generated/types.gen.js';
import { policyBlame, ruleHits } from './queries.js';

/** The live rules that may have been of no use for long; undefined until that is known. The others are left out. */
export function useRuleUses(nowMs: number): ReadonlyMap<string, RuleUse> | undefined {
  const { data: hits } = useQuery(ruleHits());
  const idle = useMemo(() => idleRules(hits, nowMs - UNUSED_MS), [hits, nowMs]);
  // Who changed what is read back from the revisions: only where it decides something.
  const blame = useQuery({ ...policyBlame(hits?.revision ?? 0), enabled: idle.length > 0 });
  return useMemo(() => usesOf(idle, hits?.since, blame.data), [idle, hits?.since, blame.data]);
}

function idleRules(hits: RuleHitList | undefined, sinceMs: number): readonly RuleHits[] {
  if (!hits || hits.since === null || Date.parse(hits.since) > sinceMs) return [];
  return hits.items.filter(({ lastAt }) => lastAt === null || Date.parse(lastAt) <= sinceMs);
}

function usesOf(idle: readonly RuleHits[], since: string | null | undefined, blame: PolicyBlame | undefined) {
  if (!since || !blame) return undefined;
  const changes = new Map(blame.items.map(({ ruleId, changed }) => [ruleId, changed]));
  return new Map(idle.map(({ ruleId, lastAt }) => [ruleId, useOf(lastAt, since, changes.get(ruleId)?.createdAt)]));
}

/** A rule has had its chance since it says what it says; not before hits were counted. */
function useOf(lastAt: string | null, since: string, changedAt: string | undefined): RuleUse {
  const sinceMs = Math.max(Date.parse(since), changedAt === undefined ? 0 : Date.parse(changedAt));
  const lastMs = lastAt === null ? null : Date.parse(lastAt);
  return { sinceMs, lastMs: lastMs !== null && lastMs < sinceMs ? null : lastMs };
}
