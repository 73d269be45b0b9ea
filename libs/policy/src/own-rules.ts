import { compileRule } from './compiled-rule.js';
import type { ClientIdentity, OwnRules } from './rule.js';
import { RuleGroup } from './rule-group.js';
import { subjectMatches } from './subject.js';
import { isEnforced, type RuleProblem, validateRule } from './validate-rule.js';

/** As many rules a client may bring. */
export const MAX_OWN_RULES = 256;

/** Behind every rule that a policy can have. */
const AFTER_ALL = 1_000_000_000;

/** What is wrong with the rules that a client brings, at the index of each; empty when they may be used. */
export function ownRulesProblems({ rules }: OwnRules): readonly (RuleProblem & { readonly index: number })[] {
  if (rules.length > MAX_OWN_RULES) {
    const message = `A client may bring ${MAX_OWN_RULES} rules at most, not ${rules.length}.`;
    return [{ index: MAX_OWN_RULES, field: 'id', code: 'E7', message }];
  }
  return rules.flatMap((rule, index) => validateRule(rule).map((problem) => ({ index, ...problem })));
}

/** Those that apply and speak of this client, ready for judging; null when there are none. */
export function compileOwnRules({ rules, place }: OwnRules, identity: ClientIdentity): RuleGroup | null {
  if (rules.length > MAX_OWN_RULES) throw new RangeError(`${rules.length} rules of one client`);
  const offset = place === 'before' ? -rules.length : AFTER_ALL;
  const compiled = rules
    .map((rule, index) => ({ rule, position: offset + index, by: 'own-rule' as const }))
    .filter(({ rule }) => isEnforced(rule) && subjectMatches(rule, identity))
    .map(compileRule);
  return compiled.length === 0 ? null : new RuleGroup(compiled);
}
