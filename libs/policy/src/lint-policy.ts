import { covers } from './levels.js';
import { lintable, type LintedRule, shadows } from './shadowing.js';
import type { Policy, Rule } from './rule.js';
import { type RuleProblemCode, validateRule } from './validate-rule.js';

/** E1–E5, E7 as of one rule · E6 duplicate · W1 never reached · W7 write under `$SYS` · W8 value that looks like a filter */
export type PolicyProblemCode = RuleProblemCode | 'E6' | 'W1' | 'W7' | 'W8';

/** Something about a policy that an operator should know before saving it. Errors keep a rule from applying or repeat one. */
export interface PolicyProblem {
  readonly ruleId: string;
  readonly code: PolicyProblemCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** The other rule that the message speaks of. */
  readonly otherRuleId?: string;
}

/** Everything questionable about the policy, in the order of its rules. */
export function lintPolicy(policy: Policy): PolicyProblem[] {
  const rules = policy.rules.map(lintable);
  const firstLike = new Map<string, LintedRule>();
  return rules.flatMap((linted) => {
    const errors = validateRule(linted.rule);
    if (errors.length > 0) {
      return errors.map(({ code, message }) => ({ ruleId: linted.rule.id, code, severity: 'error' as const, message }));
    }
    return [...comparisons(linted, rules, firstLike), ...warnings(linted)];
  });
}

function comparisons(
  linted: LintedRule,
  rules: readonly LintedRule[],
  firstLike: Map<string, LintedRule>,
): PolicyProblem[] {
  const key = identityOf(linted.rule);
  const twin = firstLike.get(key);
  if (twin !== undefined) return [duplicateOf(linted.rule, twin)];
  firstLike.set(key, linted);
  const shadow = rules.slice(0, linted.index).find((earlier) => shadows(earlier, linted));
  return shadow === undefined ? [] : [neverReached(linted.rule, shadow)];
}

/** Two rules with the same text here say the same. */
function identityOf(rule: Rule): string {
  const { effect, subject, access, enabled, mode, validUntil } = rule;
  const value = subject === 'everyone' ? '*' : rule.value;
  return JSON.stringify([effect, subject, value, access, enabled, mode, validUntil, [...new Set(rule.topics)].sort()]);
}

function duplicateOf(rule: Rule, twin: LintedRule): PolicyProblem {
  const message = `The same as rule ${twin.index + 1}.`;
  return { ruleId: rule.id, code: 'E6', severity: 'error', message, otherRuleId: twin.rule.id };
}

function neverReached(rule: Rule, shadow: LintedRule): PolicyProblem {
  const message = `Never reached: rule ${shadow.index + 1} decides everything that it speaks of.`;
  return { ruleId: rule.id, code: 'W1', severity: 'warning', message, otherRuleId: shadow.rule.id };
}

function warnings({ rule, filters }: LintedRule): PolicyProblem[] {
  const found: PolicyProblem[] = [];
  const warn = (code: PolicyProblemCode, message: string) =>
    found.push({ ruleId: rule.id, code, severity: 'warning', message });
  const isWrite = rule.effect === 'allow' && rule.access !== 'sub';
  if (isWrite && filters.some((filter) => covers('$SYS/#', filter))) {
    warn('W7', 'Only the broker publishes under $SYS: allowing it to clients has no effect.');
  }
  const isName = rule.subject !== 'everyone' && rule.subject !== 'ipaddr';
  if (isName && /[+#/]/.test(rule.value)) {
    warn('W8', `“${rule.value}” is compared as it stands: + and # are no wildcards in a value.`);
  }
  return found;
}
