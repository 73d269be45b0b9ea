import { lintPolicy, type PolicyProblem } from '@perch/policy';
import { useDeferredValue, useMemo } from 'react';
import type { PolicyContent } from './draft.js';

/** What is wrong or doubtful in the draft. */
export interface Problems {
  readonly all: readonly PolicyProblem[];
  readonly byRule: ReadonlyMap<string, readonly PolicyProblem[]>;
  /** How many keep the draft from being saved. */
  readonly errorCount: number;
}

/** The problems of the draft, found anew after each edit without holding up the edit. */
export function useProblems(content: PolicyContent): Problems {
  const settled = useDeferredValue(content);
  return useMemo(() => problemsOf(settled), [settled]);
}

/** Errors first, each in the order of the rules. */
export function problemsOf(content: PolicyContent): Problems {
  const found = lintPolicy(content);
  const errors = found.filter((problem) => problem.severity === 'error');
  const warnings = found.filter((problem) => problem.severity === 'warning');
  const byRule = new Map<string, PolicyProblem[]>();
  for (const problem of found) byRule.set(problem.ruleId, [...(byRule.get(problem.ruleId) ?? []), problem]);
  return { all: [...errors, ...warnings], byRule, errorCount: errors.length };
}
