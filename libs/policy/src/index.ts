export type { Access, Action, ClientIdentity, Effect, Policy, PolicySettings, Rule, Subject } from './rule.js';
export {
  filterCovers,
  filterMatches,
  filtersOverlap,
  isValidFilter,
  isValidTopic,
  splitSharedFilter,
  type SubscriptionFilter,
} from './filter.js';
export { substitutePlaceholders } from './placeholders.js';
export type { Grants, SubscribeVerdict, Verdict } from './verdict.js';
export { type CompiledPolicy, compilePolicy } from './compile-policy.js';
export { type RuleDraft, type RuleProblem, type RuleProblemCode, validateRule } from './validate-rule.js';
export { newRuleId } from './rule-id.js';
