import { type PolicySettings, type Rule, newRuleId } from '@perch/policy';
import type { PolicyDocument } from '../../policy/policy-document.js';
import type { PolicyDoc, RuleInput } from './policy.schemas.js';

/** A revision as the API shows it. */
export function docOf({ policy, ...document }: PolicyDocument): PolicyDoc {
  return { ...document, settings: policy.settings, rules: policy.rules.map(shown) };
}

/** The rule that was written, as it will be read back: with an id, and its instant in UTC. */
export function ruleFrom(input: RuleInput): Rule {
  return {
    ...input,
    id: input.id ?? newRuleId(),
    value: input.subject === 'everyone' ? '*' : input.value,
    validUntil: input.validUntil === null ? null : new Date(input.validUntil).toISOString(),
  };
}

/** The settings with what was asked to change. */
export function settingsWith(current: PolicySettings, patch: Partial<PolicySettings> = {}): PolicySettings {
  return {
    noMatch: patch.noMatch ?? current.noMatch,
    wildcardOverlap: patch.wildcardOverlap ?? current.wildcardOverlap,
  };
}

function shown(rule: Rule): PolicyDoc['rules'][number] {
  return { ...rule, topics: [...rule.topics] };
}
