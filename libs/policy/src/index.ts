export { type Address, type AddressRange, parseAddress, parseAddressRange, rangeContains } from './address.js';
export type {
  Access,
  Action,
  ClientIdentity,
  Effect,
  OwnRules,
  Policy,
  PolicySettings,
  Rule,
  Subject,
} from './rule.js';
export {
  filterCovers,
  filterMatches,
  filtersOverlap,
  isValidFilter,
  isValidTopic,
  splitSharedFilter,
  subscribedFilter,
  type SubscriptionFilter,
} from './filter.js';
export { substitutePlaceholders } from './placeholders.js';
export type { Decider, Grants, JudgedTopic, PolicyDecider, SubscribeVerdict, Verdict } from './verdict.js';
export { MAX_OWN_RULES, ownRulesProblems } from './own-rules.js';
export { type Shadow, type ShadowDifference, shadowPolicy } from './shadow.js';
export { type CompiledPolicy, compilePolicy } from './compile-policy.js';
export { type RuleDraft, type RuleProblem, type RuleProblemCode, validateRule } from './validate-rule.js';
export { explain, type ExplainArguments, type Explanation } from './explain.js';
export type { ExplainLevel, ExplainOutcome, ExplainStep, ExplainTopic } from './explain-step.js';
export { lintPolicy } from './lint-policy.js';
export { idleRules, type LastHit, ruleUse } from './rule-uses.js';
export type { LintContext, PolicyFix, PolicyProblem, PolicyProblemCode, RuleUse } from './policy-problem.js';
export { applyEdit, moveRules, type PolicyEdit } from './policy-edit.js';
export { type AclConfDigits, type AclConfError, parseAclConf, type ParsedAclConf } from './parse-acl-conf.js';
export { formatAclConf } from './format-acl-conf.js';
export { networkOf } from './network.js';
export { MAX_RULES } from './max-rules.js';
export { newRuleId } from './rule-id.js';
export { isSameField, isSameRule, type RuleField, ruleFields } from './rule-fields.js';
export {
  type PolicyTest,
  type PolicyTestProblem,
  type PolicyTestResult,
  runPolicyTests,
  validatePolicyTest,
} from './policy-test.js';
export { isSameTest, type PolicyVersion } from './policy-version.js';
export { diffPolicies, type PolicyDiff, type RuleChange, type TestChange } from './diff-policies.js';
export { mergePolicies, type PolicyMerge, resolveMerge } from './merge-policies.js';
export type { MergeChoices, MergeConflict } from './merge-conflict.js';
export type { Side, Sides } from './merge-sides.js';
export { type BlamedRevision, blameRules, BlameSearch, type RuleBlame, type RuleOrigin } from './blame-rules.js';
export { impactOf, type ImpactProgress, type ImpactQuery, impactSteps } from './impact.js';
export type {
  ClientImpact,
  Impact,
  ImpactChange,
  ImpactClient,
  ImpactCounts,
  ImpactKind,
  ImpactSubject,
  RuleImpact,
} from './impact-change.js';
export { exampleTopic } from './example-topic.js';
export { type Reach, reachOf, type ReachedPart, type ReachQuery, type SearchedClient } from './reach.js';
export { type AccessQuery, type AccessSearch, type ClientAccess, searchAccess } from './search-access.js';
export type { RuleAccess, RuleCut } from './search-rules.js';
export { type AccessRequest, type Proposal, type Proposals, proposeRule, type Wish } from './propose-rule.js';
export {
  type ClientUse,
  type ExcessAccess,
  type ObservedTopic,
  type SuggestedRule,
  type SuggestedTopic,
  type Suggestion,
  type SuggestQuery,
  suggestRules,
} from './suggest-rules.js';
export type { ImportAnalysis, ImportedUser, ImportError, ImportExample, ImportRemark } from './import-analysis.js';
export { type ImportedUserRow, importedUserRows } from './imported-user-rows.js';
export { type CsvDialect, csvDialect, FORMULA } from './users-csv.js';
export { analyseAclConf } from './analyse-acl-conf.js';
export { analyseDynamicSecurity } from './analyse-dynamic-security.js';
export { analyseFile, type ImportFormat, type ImportedFile } from './analyse-file.js';
export { analyseMosquittoAcl } from './analyse-mosquitto-acl.js';
