import { type Policy, type Rule, validateRule } from '@perch/policy';

/** The policy as it is. Throws a `TypeError` for one that holds a rule which could never apply, and says which and why. */
export function checkPolicy(policy: Policy): Policy {
  const { rules, settings } = policy as Partial<Policy>;
  if (!Array.isArray(rules)) throw new TypeError('policy.rules has to be a list of rules.');
  if (settings?.noMatch !== 'allow' && settings?.noMatch !== 'deny')
    throw new TypeError('policy.settings.noMatch has to be allow or deny: what holds where no rule applies.');
  if (settings.wildcardOverlap !== 'exclude' && settings.wildcardOverlap !== 'reject')
    throw new TypeError('policy.settings.wildcardOverlap has to be exclude or reject.');
  for (const [index, rule] of (rules as Rule[]).entries()) {
    const problem = ruleProblem(rule);
    if (problem !== null) throw new TypeError(`policy.rules[${index}]${problem}`);
  }
  return policy;
}

/** Rules are written by hand here, maybe without types: what is left out is told before anything reads it. */
function ruleProblem(rule: Partial<Rule>): string | null {
  if (typeof rule.id !== 'string' || rule.id === '') return '.id has to be text that no other rule has.';
  if (typeof rule.value !== 'string') return '.value has to be text; * for any.';
  if (!Array.isArray(rule.topics)) return '.topics has to be a list of topic filters.';
  if (typeof rule.enabled !== 'boolean') return '.enabled has to be true or false.';
  if (rule.validUntil === undefined) return '.validUntil has to be a time, or null for ever.';
  const [problem] = validateRule(rule as Rule);
  return problem ? `.${problem.field}: ${problem.message}` : null;
}
