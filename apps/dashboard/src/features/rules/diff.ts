import type { PolicySettings, Rule } from '@perch/policy';
import { isSameField, type PolicyContent, ruleFields } from './draft.js';
import { longestRisingRun } from './reorder.js';

/** A field in which two versions of a rule differ. */
export type RuleField = (typeof ruleFields)[number];

/** One difference between two versions of the policy. Positions count from 1, as operators do. */
export type RuleChange =
  | { readonly kind: 'added'; readonly rule: Rule; readonly position: number }
  | { readonly kind: 'removed'; readonly rule: Rule; readonly position: number }
  | {
      readonly kind: 'changed';
      readonly before: Rule;
      readonly rule: Rule;
      readonly fields: readonly RuleField[];
      readonly position: number;
    }
  | { readonly kind: 'moved'; readonly rule: Rule; readonly from: number; readonly position: number };

/** All differences: rules in the order of the newer version, removed ones where they stood, then the settings. */
export interface PolicyDiff {
  readonly rules: readonly RuleChange[];
  readonly settings: readonly (keyof PolicySettings)[];
  readonly count: number;
}

/** What changed by rule; a rule that moved and changed is told twice, and one that others moved past is not told. */
export function diffPolicies(before: PolicyContent, after: PolicyContent): PolicyDiff {
  const rules = [...presentChanges(before.rules, after.rules), ...removals(before.rules, after.rules)].sort(
    (a, b) => a.position - b.position,
  );
  const settings = (['noMatch', 'wildcardOverlap'] as const).filter(
    (key) => before.settings[key] !== after.settings[key],
  );
  return { rules, settings, count: rules.length + settings.length };
}

function presentChanges(before: readonly Rule[], after: readonly Rule[]): RuleChange[] {
  const places = new Map(before.map((rule, index) => [rule.id, { rule, index }]));
  const moved = movedIds(places, after);
  return after.flatMap((rule, index): RuleChange[] => {
    const position = index + 1;
    const old = places.get(rule.id);
    if (!old) return [{ kind: 'added', rule, position }];
    const changes: RuleChange[] = [];
    if (moved.has(rule.id)) changes.push({ kind: 'moved', rule, from: old.index + 1, position });
    const fields = ruleFields.filter((field) => !isSameField(old.rule, rule, field));
    if (fields.length > 0) changes.push({ kind: 'changed', before: old.rule, rule, fields, position });
    return changes;
  });
}

function movedIds(places: ReadonlyMap<string, { readonly index: number }>, after: readonly Rule[]): Set<string> {
  const kept = after.filter((rule) => places.has(rule.id));
  const still = longestRisingRun(kept.map((rule) => places.get(rule.id)?.index ?? 0));
  return new Set(kept.filter((_, index) => !still.has(index)).map((rule) => rule.id));
}

function removals(before: readonly Rule[], after: readonly Rule[]): RuleChange[] {
  const kept = new Set(after.map((rule) => rule.id));
  return before.flatMap((rule, index): RuleChange[] =>
    kept.has(rule.id) ? [] : [{ kind: 'removed', rule, position: index + 1 }],
  );
}
