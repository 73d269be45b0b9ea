import type { Action, ClientIdentity, Policy, Rule } from './rule.js';
import { isEnforced } from './validate-rule.js';
import type { SubscribeVerdict, Verdict } from './verdict.js';

/** A policy that is judged beside the live one and enforces nothing, and who is told where the two differ. */
export interface Shadow {
  readonly policy: Policy;
  /** Told in the middle of a judgement: returns at once, and asks nothing of the grants. */
  differs(difference: ShadowDifference): void;
}

/**
 * A judgement that the shadow would have made otherwise. Judgements are counted, not messages: a client that stays with
 * its topic is judged once, and its subscriptions are judged again whenever its grants change.
 */
export interface ShadowDifference {
  readonly identity: ClientIdentity;
  readonly action: Action;
  /** The topic, or the filter as it was asked for. */
  readonly topic: string;
  /** What would happen: refused, allowed, or granted with more or with fewer exclusions. */
  readonly change: 'refused' | 'allowed' | 'narrowed' | 'widened';
  /** The shadow's rule that makes the difference; null: its default, or that a rule of the live policy is not there. */
  readonly ruleId: string | null;
  readonly live: Verdict;
  readonly shadow: Verdict;
}

/**
 * What is judged beside the live policy: the draft as it stands or, without one, the live policy with its shadow rules
 * enforced. Null when nothing could differ.
 */
export function shadowPolicy(live: Policy, draft: Policy | null): Policy | null {
  if (draft !== null) return draft;
  const enforced = live.rules.map((rule): Rule => (rule.mode === 'shadow' ? { ...rule, mode: 'enforce' } : rule));
  const isDifferent = enforced.some((rule, index) => rule !== live.rules[index] && isEnforced(rule));
  return isDifferent ? { ...live, rules: enforced } : null;
}

/** What would change if the shadow's verdict were the live one, and by which rule; null when nothing would. */
export function changeOf(
  live: Verdict | SubscribeVerdict,
  shadow: Verdict | SubscribeVerdict,
): Pick<ShadowDifference, 'change' | 'ruleId'> | null {
  if (live.allowed !== shadow.allowed) {
    return { change: shadow.allowed ? 'allowed' : 'refused', ruleId: shadow.ruleId };
  }
  const [before, after] = [exclusionsOf(live), exclusionsOf(shadow)];
  const added = [...after.keys()].find((filter) => !before.has(filter));
  if (added !== undefined) return { change: 'narrowed', ruleId: after.get(added) ?? null };
  const isWider = [...before.keys()].some((filter) => !after.has(filter));
  return isWider ? { change: 'widened', ruleId: shadow.ruleId } : null;
}

/** Each excluded filter, with the rule that excludes it. */
function exclusionsOf(verdict: Verdict | SubscribeVerdict): ReadonlyMap<string, string | undefined> {
  if (!('exclusions' in verdict)) return new Map();
  return new Map(verdict.exclusions.map((filter, index) => [filter, verdict.excludedBy[index]]));
}
