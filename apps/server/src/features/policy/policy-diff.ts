import { diffPolicies, type PolicySettings, type PolicyTest, type Rule } from '@perch/policy';
import type { PolicyDocument } from '../../policy/policy-document.js';

/** An audit entry stays readable; the revisions hold the rest. */
const maxRulesShown = 100;

/** What differs between two revisions, for the audit log: on each side what the other has not. */
export function policyDiff(before: PolicyDocument, after: PolicyDocument) {
  const { rules, settings, tests } = diffPolicies(before.policy, after.policy);
  const common = { settings, isReordered: rules.some(({ kind }) => kind === 'moved') };
  const old: Differences = {
    ...common,
    rules: rules.flatMap((change) =>
      change.kind === 'changed' ? change.before : change.kind === 'removed' ? change.rule : [],
    ),
    tests: tests.flatMap((change) =>
      change.kind === 'changed' ? change.before : change.kind === 'removed' ? change.test : [],
    ),
  };
  const made: Differences = {
    ...common,
    rules: rules.flatMap((change) => (change.kind === 'changed' || change.kind === 'added' ? change.rule : [])),
    tests: tests.flatMap((change) => (change.kind === 'removed' ? [] : change.test)),
  };
  return { before: side(before, old), after: { ...side(after, made), message: after.message } };
}

interface Differences {
  readonly rules: readonly Rule[];
  readonly tests: readonly PolicyTest[];
  readonly settings: readonly (keyof PolicySettings)[];
  readonly isReordered: boolean;
}

function side({ revision, policy }: PolicyDocument, { rules, tests, settings, isReordered }: Differences) {
  return {
    revision,
    rules: rules.slice(0, maxRulesShown),
    ...(rules.length > maxRulesShown && { rulesNotShown: rules.length - maxRulesShown }),
    ...(tests.length > 0 && { tests: tests.slice(0, maxRulesShown) }),
    ...(tests.length > maxRulesShown && { testsNotShown: tests.length - maxRulesShown }),
    ...(isReordered && { order: policy.rules.slice(0, maxRulesShown).map(({ id }) => id) }),
    ...(settings.length > 0 && { settings: policy.settings }),
  };
}
