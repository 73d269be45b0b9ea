import { parseInstant } from './instant.js';
import { covers, isDollar, overlap, spellOut } from './levels.js';
import { hasPlaceholder } from './placeholders.js';
import type { Rule } from './rule.js';
import { mayMeet, speaksOfAll, subjectScope, type SubjectScope } from './subject-scope.js';
import { type RuleProblem, validateRule } from './validate-rule.js';

/** A rule with what comparing it to a thousand others needs, worked out once. */
export interface LintedRule {
  readonly rule: Rule;
  readonly index: number;
  readonly errors: readonly RuleProblem[];
  /** Spelled out. */
  readonly filters: readonly string[];
  /** The same with `+` for each placeholder: whatever any client may make of them. */
  readonly reach: readonly string[];
  readonly speaksOf: SubjectScope;
  /** Until when it applies: minus infinity when it never does. */
  readonly appliesUntil: number;
}

/** Prepares a rule for comparison with others. */
export function lintable(rule: Rule, index: number): LintedRule {
  const errors = validateRule(rule);
  const isLive = rule.enabled && rule.mode === 'enforce' && errors.length === 0;
  const expiresAt = rule.validUntil === null ? Number.POSITIVE_INFINITY : (parseInstant(rule.validUntil) ?? 0);
  const filters = rule.topics.map(spellOut);
  return {
    rule,
    index,
    errors,
    filters,
    reach: filters.map(reachOf),
    speaksOf: subjectScope(rule),
    appliesUntil: isLive ? expiresAt : Number.NEGATIVE_INFINITY,
  };
}

/** Whether the rule applies to anything at any time. */
export function isLive({ appliesUntil }: LintedRule): boolean {
  return appliesUntil !== Number.NEGATIVE_INFINITY;
}

/** Whether the later rule can be left out, because the earlier one alone settles whatever it speaks of, for every client. */
export function shadows(earlier: LintedRule, later: LintedRule): boolean {
  if (!isLive(later) || earlier.appliesUntil < later.appliesUntil) return false;
  if (earlier.rule.access !== 'pubsub' && earlier.rule.access !== later.rule.access) return false;
  if (!speaksOfAll(earlier.speaksOf, later.speaksOf)) return false;
  // An allow with several filters falls away as a whole when one placeholder has no value; the later rule might not.
  const isFragile =
    earlier.rule.effect === 'allow' && earlier.filters.length > 1 && earlier.filters.some(hasPlaceholder);
  if (isFragile) return false;
  const settles = cutsBefore(earlier, later) ? coversOverlapping : covers;
  return later.filters.every((filter) => earlier.filters.some((wide) => settles(wide, filter)));
}

/** Whether both may speak of the same action of the same client. */
export function mayClash(a: LintedRule, b: LintedRule): boolean {
  return (
    sharesAccess(a, b) &&
    mayMeet(a.speaksOf, b.speaksOf) &&
    a.reach.some((one) => b.reach.some((two) => overlap(one, two)))
  );
}

/** Whether there is an action of which both speak. */
export function sharesAccess(a: LintedRule, b: LintedRule): boolean {
  return a.rule.access === 'pubsub' || b.rule.access === 'pubsub' || a.rule.access === b.rule.access;
}

function reachOf(filter: string): string {
  return hasPlaceholder(filter) ? spellOut(filter.replace(/(?<=^|\/)%[cu](?=\/|$)/g, '+')) : filter;
}

/** Whether the later rule is a deny that still cuts topics out of subscriptions wider than the earlier allow. */
function cutsBefore(earlier: LintedRule, later: LintedRule): boolean {
  return earlier.rule.effect === 'allow' && later.rule.effect === 'deny' && later.rule.access !== 'pub';
}

/** Whether `wide` covers every filter that overlaps `narrow`: nothing wider than `wide` reaches there. */
function coversOverlapping(wide: string, narrow: string): boolean {
  const isTwoLevels = wide.endsWith('/#') && wide.indexOf('/') === wide.length - 2;
  return isTwoLevels && (wide === '+/#' || isDollar(wide)) && covers(wide, narrow);
}
