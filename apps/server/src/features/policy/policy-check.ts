import {
  MAX_RULES,
  type PolicyTest,
  type PolicyVersion,
  type Rule,
  runPolicyTests,
  validatePolicyTest,
  validateRule,
} from '@perch/policy';
import { ApiError } from '../../http/api-error.js';
import type { FieldError } from '../../http/problem.js';
import { maxTests, type PolicyTestResult } from './access-test.schemas.js';

/** 422 with every field that is wrong in any of the rules and tests. */
export function assertValidPolicy({ rules, tests = [] }: PolicyVersion): void {
  refuse([...rulesErrors(rules), ...testsErrors(tests)]);
}

/** 422 with every field that is wrong in this one rule; paths begin with the prefix. */
export function assertValidRule(rule: Rule, prefix: string): void {
  refuse(ruleErrors(rule, prefix));
}

/** 422 with every field that is wrong in any of the tests. */
export function assertValidTests(tests: readonly PolicyTest[]): void {
  refuse(testsErrors(tests));
}

/** The tests that the policy does not pass. */
export function failedTests(policy: PolicyVersion): PolicyTestResult[] {
  const results = runPolicyTests(policy, policy.tests ?? [], Date.now());
  return results.filter(({ passed }) => !passed).map((result) => ({ ...result, exclusions: [...result.exclusions] }));
}

function rulesErrors(rules: readonly Rule[]): FieldError[] {
  const errors = rules.flatMap((rule, index) => ruleErrors(rule, `rules.${index}.`));
  return [...errors, ...repeatedIds('rules', rules), ...tooMany('rules', rules, MAX_RULES)];
}

function ruleErrors(rule: Rule, prefix: string): FieldError[] {
  return validateRule(rule).map(({ field, message }) => ({ path: `${prefix}${field}`, message }));
}

function testsErrors(tests: readonly PolicyTest[]): FieldError[] {
  const errors = tests.flatMap((test, index) =>
    validatePolicyTest(test).map(({ field, message }) => ({ path: `tests.${index}.${field}`, message })),
  );
  return [...errors, ...repeatedIds('tests', tests), ...tooMany('tests', tests, maxTests)];
}

function repeatedIds(list: string, items: readonly { readonly id: string }[]): FieldError[] {
  const seen = new Set<string>();
  return items.flatMap(({ id }, index) => {
    if (!seen.has(id)) return seen.add(id) && [];
    return [{ path: `${list}.${index}.id`, message: 'is the id of an earlier one' }];
  });
}

function tooMany(path: string, items: readonly unknown[], most: number): FieldError[] {
  return items.length <= most ? [] : [{ path, message: `must be ${most} at most` }];
}

function refuse(errors: readonly FieldError[]): void {
  const [first] = errors;
  if (!first) return;
  const count = errors.length === 1 ? 'One field is' : `${errors.length} fields are`;
  throw new ApiError('invalid-fields', `${count} not valid; nothing was changed. ${first.path}: ${first.message}`, {
    errors,
  });
}
