import type { Rule } from '@perch/policy';
import type { Rule as RuleRow } from '../database/generated/client.js';

/** The rule that a row holds. The table's words are those of the rule; the database does not narrow them. */
export function ruleOf(row: RuleRow): Rule {
  return {
    id: row.id,
    effect: row.effect as Rule['effect'],
    subject: row.subject as Rule['subject'],
    value: row.value,
    access: row.access as Rule['access'],
    topics: row.topics,
    enabled: row.enabled,
    mode: row.mode as Rule['mode'],
    validUntil: row.validUntil?.toISOString() ?? null,
    note: row.note,
  };
}

/** The row that holds this rule at this place of a revision. */
export function rowOf(rule: Rule, revisionNumber: number, position: number): RuleRow {
  return {
    ...rule,
    revisionNumber,
    position,
    topics: [...rule.topics],
    validUntil: rule.validUntil === null ? null : new Date(rule.validUntil),
  };
}
