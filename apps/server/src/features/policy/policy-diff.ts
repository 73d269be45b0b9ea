import { diffPolicies, type PolicySettings, type Rule } from '@perch/policy';
import type { PolicyDocument } from '../../policy/policy-document.js';

/** An audit entry stays readable; the revisions hold the rest. */
const maxRulesShown = 100;

/** What differs between two revisions, for the audit log: on each side the rules that the other has not. */
export function policyDiff(before: PolicyDocument, after: PolicyDocument) {
  const { rules, settings } = diffPolicies(before.policy, after.policy);
  const isReordered = rules.some(({ kind }) => kind === 'moved');
  const old = rules.flatMap((change) =>
    change.kind === 'changed' ? change.before : change.kind === 'removed' ? change.rule : [],
  );
  const made = rules.flatMap((change) => (change.kind === 'changed' || change.kind === 'added' ? change.rule : []));
  return {
    before: side(before, { rules: old, settings, isReordered }),
    after: { ...side(after, { rules: made, settings, isReordered }), message: after.message },
  };
}

interface Differences {
  readonly rules: readonly Rule[];
  readonly settings: readonly (keyof PolicySettings)[];
  readonly isReordered: boolean;
}

function side({ revision, policy }: PolicyDocument, { rules, settings, isReordered }: Differences) {
  return {
    revision,
    rules: rules.slice(0, maxRulesShown),
    ...(rules.length > maxRulesShown && { rulesNotShown: rules.length - maxRulesShown }),
    ...(isReordered && { order: policy.rules.slice(0, maxRulesShown).map(({ id }) => id) }),
    ...(settings.length > 0 && { settings: policy.settings }),
  };
}
