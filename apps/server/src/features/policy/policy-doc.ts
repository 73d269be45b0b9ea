import { newRuleId, type PolicySettings, type PolicyTest, type Rule } from '@perch/policy';
import type { PolicyDocument } from '../../policy/policy-document.js';
import { rulesEndingWithin } from '../../policy/rule-ends.js';
import type { PolicyTest as TestDoc, PolicyTestInput } from './access-test.schemas.js';
import type { PolicyDoc } from './policy.schemas.js';
import type { Rule as RuleDoc, RuleInput } from './rule.schemas.js';

const SOON_MS = 24 * 3_600_000;

/** A revision as the API shows it. */
export function docOf({ policy, ...origin }: PolicyDocument): PolicyDoc {
  const { settings, rules, tests } = policy;
  const endingSoon = rulesEndingWithin(rules, Date.now(), SOON_MS).map(({ id }) => id);
  return { ...origin, settings, rules: rules.map(ruleDoc), tests: tests.map(testDoc), endingSoon };
}

/** A rule as the API shows it. */
export function ruleDoc(rule: Rule): RuleDoc {
  return { ...rule, topics: [...rule.topics] };
}

/** An access test as the API shows it. */
export function testDoc({ client, ...test }: PolicyTest): TestDoc {
  return { ...test, client: { ...client, labels: [...(client.labels ?? [])] } };
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

/** The test that was written, with an id. */
export function testFrom({ id = newRuleId(), ...test }: PolicyTestInput): PolicyTest {
  return { id, ...test };
}

/** The settings with what was asked to change. */
export function settingsWith(current: PolicySettings, patch: Partial<PolicySettings> = {}): PolicySettings {
  return {
    noMatch: patch.noMatch ?? current.noMatch,
    wildcardOverlap: patch.wildcardOverlap ?? current.wildcardOverlap,
  };
}
