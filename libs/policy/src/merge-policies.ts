import { settingKeys } from './diff-policies.js';
import type { MergeChoices, MergeConflict } from './merge-conflict.js';
import { mergedOrder } from './merge-order.js';
import { mergeRules } from './merge-rules.js';
import { outcome, type Sides } from './merge-sides.js';
import type { PolicyTest } from './policy-test.js';
import { isSameTest, type PolicyVersion } from './policy-version.js';
import type { PolicySettings } from './rule.js';

/** What became of a merge. Without conflicts, `policy` holds what both sides changed. */
export interface PolicyMerge {
  /** With `mine` wherever nobody has chosen. */
  readonly policy: PolicyVersion;
  /** All of them, whether chosen or not. */
  readonly conflicts: readonly MergeConflict[];
  readonly sides: Sides<PolicyVersion>;
}

/** Puts two changes of the same revision together: rule by rule, field by field, and in the order that both asked for. */
export function mergePolicies(base: PolicyVersion, mine: PolicyVersion, theirs: PolicyVersion): PolicyMerge {
  return merged({ base, mine, theirs }, {});
}

/** The policy in which each conflict is decided; `mine` where the choices say nothing. */
export function resolveMerge({ sides }: PolicyMerge, choices: MergeChoices): PolicyVersion {
  return merged(sides, choices).policy;
}

function merged(sides: Sides<PolicyVersion>, choices: MergeChoices): PolicyMerge {
  const lists = { base: sides.base.rules, mine: sides.mine.rules, theirs: sides.theirs.rules };
  const content = mergeRules(lists, choices);
  const order = mergedOrder(lists, content.rules, choices);
  const settings = mergeSettings(sides, choices);
  const tests = mergeTests(sides, choices);
  const policy = { rules: order.rules, settings: settings.settings, tests: tests.tests };
  return {
    policy,
    conflicts: [...content.conflicts, ...order.conflicts, ...settings.conflicts, ...tests.conflicts],
    sides,
  };
}

function mergeSettings({ base, mine, theirs }: Sides<PolicyVersion>, choices: MergeChoices) {
  const conflicts: MergeConflict[] = [];
  const picked = settingKeys.map((setting) => {
    const values = { base: base.settings[setting], mine: mine.settings[setting], theirs: theirs.settings[setting] };
    const id = `setting ${setting}`;
    const side = outcome(values, Object.is);
    if (side === null) conflicts.push({ kind: 'setting', id, setting, ...values });
    return [setting, values[side ?? choices[id] ?? 'mine']];
  });
  return { settings: Object.fromEntries(picked) as unknown as PolicySettings, conflicts };
}

function mergeTests({ base, mine, theirs }: Sides<PolicyVersion>, choices: MergeChoices) {
  const conflicts: MergeConflict[] = [];
  const byId = (tests: readonly PolicyTest[] = []) => new Map(tests.map((test) => [test.id, test]));
  const [inBase, inMine, inTheirs] = [byId(base.tests), byId(mine.tests), byId(theirs.tests)];
  const tests = [...new Set([...inTheirs.keys(), ...inMine.keys()])].flatMap((testId) => {
    const versions = {
      base: inBase.get(testId) ?? null,
      mine: inMine.get(testId) ?? null,
      theirs: inTheirs.get(testId) ?? null,
    };
    const id = `test ${testId}`;
    const side = outcome(versions, isSameTest);
    if (side === null) conflicts.push({ kind: 'test', id, testId, ...versions });
    return versions[side ?? choices[id] ?? 'mine'] ?? [];
  });
  return { tests, conflicts };
}
