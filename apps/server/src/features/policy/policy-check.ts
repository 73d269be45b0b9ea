import { type Rule, validateRule } from '@perch/policy';
import { ApiError } from '../../http/api-error.js';
import type { FieldError } from '../../http/problem.js';
import { maxRules } from './policy.schemas.js';

/** 422 with every field that is wrong in any of the rules. */
export function assertValidRules(rules: readonly Rule[]): void {
  const errors = rules.flatMap((rule, index) => ruleErrors(rule, `rules.${index}.`));
  refuse([...errors, ...repeatedIds(rules), ...tooMany(rules)]);
}

/** 422 with every field that is wrong in this one rule; paths begin with the prefix. */
export function assertValidRule(rule: Rule, prefix: string): void {
  refuse(ruleErrors(rule, prefix));
}

function ruleErrors(rule: Rule, prefix: string): FieldError[] {
  return validateRule(rule).map(({ field, message }) => ({ path: `${prefix}${field}`, message }));
}

function repeatedIds(rules: readonly Rule[]): FieldError[] {
  const seen = new Set<string>();
  return rules.flatMap(({ id }, index) => {
    if (!seen.has(id)) return seen.add(id) && [];
    return [{ path: `rules.${index}.id`, message: 'is the id of an earlier rule' }];
  });
}

function tooMany(rules: readonly Rule[]): FieldError[] {
  return rules.length <= maxRules ? [] : [{ path: 'rules', message: `must be ${maxRules} at most` }];
}

function refuse(errors: readonly FieldError[]): void {
  const [first] = errors;
  if (!first) return;
  const count = errors.length === 1 ? 'One field is' : `${errors.length} fields are`;
  throw new ApiError('invalid-fields', `${count} not valid; nothing was changed. ${first.path}: ${first.message}`, {
    errors,
  });
}
