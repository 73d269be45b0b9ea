import type { Rule } from './rule.js';

/** A field in which two versions of a rule can differ. */
export type RuleField = Exclude<keyof Rule, 'id'>;

/** Each of them, in the order in which a rule is read. */
export const ruleFields = Object.keys({
  effect: true,
  subject: true,
  value: true,
  access: true,
  topics: true,
  enabled: true,
  mode: true,
  validUntil: true,
  note: true,
} satisfies Record<RuleField, true>) as readonly RuleField[];

/** Whether two rules have the same value in a field. */
export function isSameField(a: Rule, b: Rule, field: RuleField): boolean {
  if (field !== 'topics') return a[field] === b[field];
  return a.topics.length === b.topics.length && a.topics.every((topic, index) => topic === b.topics[index]);
}

/** True when both are the same rule and say the same. */
export function isSameRule(a: Rule, b: Rule | undefined): boolean {
  if (a === b) return true;
  return b !== undefined && a.id === b.id && ruleFields.every((field) => isSameField(a, b, field));
}
