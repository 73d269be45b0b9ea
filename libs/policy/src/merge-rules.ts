import type { MergeChoices, MergeConflict } from './merge-conflict.js';
import { outcome, type Side, type Sides } from './merge-sides.js';
import type { Rule } from './rule.js';
import { isSameField, isSameRule, type RuleField, ruleFields } from './rule-fields.js';

/** The rules that the merge keeps, with what they say, in no order; and where the two sides disagree. */
export interface MergedRules {
  readonly rules: ReadonlyMap<string, Rule>;
  readonly conflicts: readonly MergeConflict[];
}

/** Merges what the rules say, field by field. */
export function mergeRules({ base, mine, theirs }: Sides<readonly Rule[]>, choices: MergeChoices): MergedRules {
  const [inBase, inMine, inTheirs] = [byId(base), byId(mine), byId(theirs)];
  const rules = new Map<string, Rule>();
  const conflicts: MergeConflict[] = [];
  for (const ruleId of new Set([...inTheirs.keys(), ...inMine.keys()])) {
    const versions = {
      base: inBase.get(ruleId) ?? null,
      mine: inMine.get(ruleId) ?? null,
      theirs: inTheirs.get(ruleId) ?? null,
    };
    const side = outcome(versions, isSameOrGone);
    const merge = side === null ? mergeRule(ruleId, versions, choices) : { rule: versions[side], conflicts: [] };
    if (merge.rule !== null) rules.set(ruleId, merge.rule);
    conflicts.push(...merge.conflicts);
  }
  return { rules, conflicts };
}

function byId(rules: readonly Rule[]): Map<string, Rule> {
  return new Map(rules.map((rule) => [rule.id, rule]));
}

function isSameOrGone(a: Rule | null, b: Rule | null): boolean {
  return a === b || (a !== null && b !== null && isSameRule(a, b));
}

interface MergedRule {
  readonly rule: Rule | null;
  readonly conflicts: readonly MergeConflict[];
}

/** A rule that both sides changed, each in its own way. */
function mergeRule(ruleId: string, versions: Sides<Rule | null>, choices: MergeChoices): MergedRule {
  const { base, mine, theirs } = versions;
  if (mine === null || theirs === null) {
    const id = `removed ${ruleId}`;
    const conflict = { kind: 'removed', id, ruleId, fields: [], ...versions } as const;
    return { rule: versions[choices[id] ?? 'mine'], conflicts: [conflict] };
  }
  const conflicts: MergeConflict[] = [];
  const rule = units.reduce((made, fields) => {
    const id = `field ${ruleId} ${fields.join(' ')}`;
    const side = unitOutcome({ base, mine, theirs }, fields);
    if (side === null) conflicts.push({ kind: 'field', id, ruleId, fields, ...versions });
    const source = (side ?? choices[id] ?? 'mine') === 'mine' ? mine : theirs;
    return { ...made, ...Object.fromEntries(fields.map((field) => [field, source[field]])) };
  }, mine);
  return { rule, conflicts };
}

/** What is taken from one side as a whole: a value means nothing without its subject. */
const units: readonly (readonly RuleField[])[] = [
  ...ruleFields.filter((field) => field !== 'subject' && field !== 'value').map((field) => [field]),
  ['subject', 'value'],
];

function unitOutcome(
  { base, mine, theirs }: { base: Rule | null; mine: Rule; theirs: Rule },
  fields: readonly RuleField[],
): Side | null {
  const isSame = (a: Rule | null, b: Rule | null) =>
    a !== null && b !== null && fields.every((field) => isSameField(a, b, field));
  return outcome({ base, mine, theirs }, isSame);
}
