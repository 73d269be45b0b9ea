import { LintComparisons } from './lint-comparisons.js';
import { lintWarnings } from './lint-warnings.js';
import type { LintContext, PolicyProblem } from './policy-problem.js';
import type { Policy } from './rule.js';
import { lintable } from './shadowing.js';

/** Everything questionable about the policy, in the order of its rules. Some questions need the context. */
export function lintPolicy(policy: Policy, context: LintContext = {}): PolicyProblem[] {
  const rules = policy.rules.map(lintable);
  const comparisons = new LintComparisons(rules, policy.settings);
  const first = rules.map((linted): PolicyProblem[] => {
    const { rule, errors } = linted;
    if (errors.length === 0) return comparisons.neverDeciding(linted);
    return errors.map(({ code, message }) => ({ ruleId: rule.id, code, severity: 'error', message }));
  });
  return rules.flatMap((linted, index) => {
    const found = first[index] ?? [];
    if (linted.errors.length > 0) return found;
    return [...found, ...comparisons.doubtful(linted), ...lintWarnings(linted, context)];
  });
}
