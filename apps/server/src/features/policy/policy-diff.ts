import type { Rule } from '@perch/policy';
import type { PolicyDocument } from '../../policy/policy-document.js';

/** An audit entry stays readable; the revisions hold the rest. */
const maxRulesShown = 100;

/** What differs between two revisions, for the audit log: on each side the rules that the other has not. */
export function policyDiff(before: PolicyDocument, after: PolicyDocument) {
  const orderOf = ({ policy }: PolicyDocument) => policy.rules.map(({ id }) => id).join();
  const isReordered = orderOf(before) !== orderOf(after);
  return {
    before: side(before, after, isReordered),
    after: { ...side(after, before, isReordered), message: after.message },
  };
}

function side(document: PolicyDocument, other: PolicyDocument, isReordered: boolean) {
  const { rules, settings } = document.policy;
  const known = new Map(other.policy.rules.map((rule) => [rule.id, textOf(rule)]));
  const differing = rules.filter((rule) => known.get(rule.id) !== textOf(rule));
  return {
    revision: document.revision,
    rules: differing.slice(0, maxRulesShown),
    ...(differing.length > maxRulesShown && { rulesNotShown: differing.length - maxRulesShown }),
    ...(isReordered && { order: rules.slice(0, maxRulesShown).map(({ id }: Rule) => id) }),
    ...(JSON.stringify(settings) !== JSON.stringify(other.policy.settings) && { settings }),
  };
}

/** The same for the same rule, whatever order its fields came in. */
function textOf(rule: Rule): string {
  return JSON.stringify(rule, Object.keys(rule).toSorted());
}
