import { UNUSED_MS } from './lint-warnings.js';
import type { RuleUse } from './policy-problem.js';

/** When a rule decided something last, as far as that is known. */
export interface LastHit {
  readonly ruleId: string;
  /** ISO 8601, or null. */
  readonly lastAt: string | null;
}

/** The rules that may have been of no use for long. None, while hits are not known for so long: `since`, ISO 8601. */
export function idleRules<Hit extends LastHit>(hits: readonly Hit[], since: string | null, nowMs: number): Hit[] {
  const isUnused = (at: string | null) => at === null || nowMs - Date.parse(at) >= UNUSED_MS;
  return since === null || !isUnused(since) ? [] : hits.filter(({ lastAt }) => isUnused(lastAt));
}

/**
 * Whether the rule had its chance and did not take it: it says what it says since `changedAt`, undefined for longer than
 * anybody knows, and hits are counted since `since`; both ISO 8601.
 */
export function ruleUse({ lastAt }: LastHit, since: string, changedAt: string | undefined): RuleUse {
  const sinceMs = Math.max(Date.parse(since), changedAt === undefined ? 0 : Date.parse(changedAt));
  const lastMs = lastAt === null ? null : Date.parse(lastAt);
  return { sinceMs, lastMs: lastMs !== null && lastMs < sinceMs ? null : lastMs };
}
