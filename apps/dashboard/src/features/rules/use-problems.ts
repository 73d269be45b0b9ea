import { type LintContext, lintPolicy, type PolicyProblem } from '@perch/policy';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo } from 'react';
import { usersLabelsOptions } from '../../shared/api/generated/@tanstack/react-query.gen.js';
import { serverInfo } from '../../shared/connect/server-info.js';
import { usePermission } from '../../shared/session/session.js';
import type { PolicyContent } from './draft.js';
import { useMinute } from './use-minute.js';
import { useRuleUses } from './use-rule-uses.js';

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
  const context = useLintContext();
  return useMemo(() => problemsOf(settled, context), [settled, context]);
}

/** What is known beside the rules. What cannot be learned is left out, and not judged. */
function useLintContext(): LintContext {
  const nowMs = useMinute();
  const { data: server } = useQuery(serverInfo());
  const { data: users } = useQuery({ ...usersLabelsOptions(), enabled: usePermission('users:read') });
  const uses = useRuleUses(nowMs);
  return useMemo(
    () => ({
      nowMs,
      ...(uses && { uses }),
      ...(server && { anonymousAllowed: server.anonymous }),
      ...(users && { labels: new Set(users.items.map(({ label }) => label)) }),
    }),
    [nowMs, server, users, uses],
  );
}

/** Errors first, each in the order of the rules. */
export function problemsOf(content: PolicyContent, context: LintContext = {}): Problems {
  const found = lintPolicy(content, context);
  const errors = found.filter((problem) => problem.severity === 'error');
  const warnings = found.filter((problem) => problem.severity === 'warning');
  const byRule = new Map<string, PolicyProblem[]>();
  for (const problem of found) byRule.set(problem.ruleId, [...(byRule.get(problem.ruleId) ?? []), problem]);
  return { all: [...errors, ...warnings], byRule, errorCount: errors.length };
}
