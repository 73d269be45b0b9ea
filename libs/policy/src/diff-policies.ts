import type { PolicyTest } from './policy-test.js';
import { isSameTest, type PolicyVersion } from './policy-version.js';
import { movedIds } from './rising-run.js';
import type { PolicySettings, Rule } from './rule.js';
import { isSameField, type RuleField, ruleFields } from './rule-fields.js';

/** One difference in the rules. Positions count from 1, as operators do. */
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

/** One difference in the access tests. */
export type TestChange =
  | { readonly kind: 'added' | 'removed'; readonly test: PolicyTest }
  | { readonly kind: 'changed'; readonly before: PolicyTest; readonly test: PolicyTest };

/** All differences: rules in the order of the newer version, removed ones where they stood. */
export interface PolicyDiff {
  readonly rules: readonly RuleChange[];
  readonly settings: readonly (keyof PolicySettings)[];
  readonly tests: readonly TestChange[];
  readonly count: number;
}

/** What changed by rule; a rule that moved and changed is told twice, and one that others moved past is not told. */
export function diffPolicies(before: PolicyVersion, after: PolicyVersion): PolicyDiff {
  const rules = [...presentChanges(before.rules, after.rules), ...removals(before.rules, after.rules)].sort(
    (a, b) => a.position - b.position,
  );
  const settings = settingKeys.filter((key) => before.settings[key] !== after.settings[key]);
  const tests = testChanges(before.tests ?? [], after.tests ?? []);
  return { rules, settings, tests, count: rules.length + settings.length + tests.length };
}

/** Everything that is set beside the rules. */
export const settingKeys = Object.keys({
  noMatch: true,
  wildcardOverlap: true,
} satisfies Record<keyof PolicySettings, true>) as readonly (keyof PolicySettings)[];

function presentChanges(before: readonly Rule[], after: readonly Rule[]): RuleChange[] {
  const places = new Map(before.map((rule, index) => [rule.id, { rule, index }]));
  const moved = movedIds(before, after);
  return after.flatMap((rule, index): RuleChange[] => {
    const position = index + 1;
    const old = places.get(rule.id);
    if (old === undefined) return [{ kind: 'added', rule, position }];
    const changes: RuleChange[] = [];
    if (moved.has(rule.id)) changes.push({ kind: 'moved', rule, from: old.index + 1, position });
    const fields = ruleFields.filter((field) => !isSameField(old.rule, rule, field));
    if (fields.length > 0) changes.push({ kind: 'changed', before: old.rule, rule, fields, position });
    return changes;
  });
}

function removals(before: readonly Rule[], after: readonly Rule[]): RuleChange[] {
  const kept = new Set(after.map((rule) => rule.id));
  return before.flatMap((rule, index): RuleChange[] =>
    kept.has(rule.id) ? [] : [{ kind: 'removed', rule, position: index + 1 }],
  );
}

function testChanges(before: readonly PolicyTest[], after: readonly PolicyTest[]): TestChange[] {
  const old = new Map(before.map((test) => [test.id, test]));
  const kept = new Set(after.map(({ id }) => id));
  const present = after.flatMap((test): TestChange[] => {
    const was = old.get(test.id);
    if (was === undefined) return [{ kind: 'added', test }];
    return isSameTest(was, test) ? [] : [{ kind: 'changed', before: was, test }];
  });
  const removed = before.filter(({ id }) => !kept.has(id)).map((test): TestChange => ({ kind: 'removed', test }));
  return [...present, ...removed];
}
