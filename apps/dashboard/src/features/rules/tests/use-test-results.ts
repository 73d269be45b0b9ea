import { type PolicyTest, type PolicyTestResult, runPolicyTests, validatePolicyTest } from '@perch/policy';
import { useDeferredValue, useMemo } from 'react';
import type { PolicyContent } from '../draft.js';
import { useMinute } from '../use-minute.js';

/** An access test and what became of it. */
export interface JudgedTest {
  readonly test: PolicyTest;
  readonly result: PolicyTestResult;
  /** Why it could never say anything; empty for most. */
  readonly problems: readonly string[];
  readonly passed: boolean;
}

/** All access tests of the draft. */
export interface TestResults {
  readonly all: readonly JudgedTest[];
  readonly failing: readonly JudgedTest[];
}

/** Runs the access tests after each edit, without holding up the edit. */
export function useTestResults(content: PolicyContent): TestResults {
  const settled = useDeferredValue(content);
  const nowMs = useMinute();
  return useMemo(() => testResults(settled, nowMs), [settled, nowMs]);
}

/** What the tests say of the rules beside them, by the engine of the broker. */
export function testResults(content: PolicyContent, nowMs: number): TestResults {
  const results = runPolicyTests(content, content.tests, nowMs);
  const all = content.tests.flatMap((test, index): JudgedTest[] => {
    const result = results[index];
    if (result === undefined) return [];
    const problems = validatePolicyTest(test).map(({ message }) => message);
    return [{ test, result, problems, passed: result.passed && problems.length === 0 }];
  });
  return { all, failing: all.filter(({ passed }) => !passed) };
}
