import type { PolicyMerge } from '@perch/policy';
import type { PolicyMerge as PolicyMergeDoc } from './merge.schemas.js';
import { ruleDoc, testDoc } from './policy-doc.js';

/** A merge as the API shows it, with the revisions that it is of. */
export function mergeDoc(
  { policy, conflicts }: PolicyMerge,
  revisions: { base: number; theirs: number },
): PolicyMergeDoc {
  return {
    ...revisions,
    settings: policy.settings,
    rules: policy.rules.map(ruleDoc),
    tests: (policy.tests ?? []).map(testDoc),
    // Its lists are read-only; the schema's are not.
    conflicts: structuredClone(conflicts) as PolicyMergeDoc['conflicts'],
  };
}
