import { type Action, type ClientIdentity, explain, type Explanation, type OwnRules, type Policy } from '@perch/policy';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo } from 'react';
import type { Draft } from '../draft.js';
import { policyRevision } from '../queries.js';
import { useMinute } from '../use-minute.js';
import { useRulesSearch } from '../use-rules-search.js';
import { useSearchedClient } from './use-searched-client.js';

/** A question to the rules. */
export interface AccessQuestion {
  readonly identity: ClientIdentity;
  readonly action: Action;
  readonly topic: string;
  /** What the client brought along; null for nothing, and where that is not known. */
  readonly own: OwnRules | null;
  /** When it is asked: rules may have an end. */
  readonly nowMs: number;
}

/** Which rules are asked; a number is a revision. */
export type Against = 'draft' | 'saved' | number;

/** What some rules say to the question. */
export interface AccessAnswer {
  readonly against: Against;
  readonly policy: Policy;
  readonly explanation: Explanation;
}

/** The question in the address and its answers. */
export interface AccessTest {
  readonly question: AccessQuestion;
  readonly against: Against;
  /** Null until the question is complete and the revision is here. */
  readonly answer: AccessAnswer | null;
  /** The answer of the draft, or of the saved rules, where it differs. */
  readonly other: AccessAnswer | null;
  /** The rule to mark in the list. */
  readonly decidingId: string | null;
  /** Why the revision could not be read. */
  readonly error: Error | null;
  readonly retry: () => unknown;
  readonly isLoading: boolean;
}

/** Asks the draft, the saved rules or a revision, in the browser, by the same engine as the broker. */
export function useAccessTest(draft: Draft): AccessTest {
  const [search] = useRulesSearch();
  const question = useQuestion();
  const against = againstOf(search.against);
  const revision = useQuery({ ...policyRevision(Number(against)), enabled: typeof against === 'number' });
  const content = useDeferredValue(draft.content);
  const other = against === 'draft' ? 'saved' : 'draft';
  const policies = { draft: content, saved: draft.saved };
  const policy = typeof against === 'number' ? (revision.data ?? null) : policies[against];
  const answer = useAnswer(policy, question, against);
  const compared = useAnswer(policies[other], question, other);
  return {
    question,
    against,
    answer,
    other: answer && compared && isDifferent(answer.explanation, compared.explanation) ? compared : null,
    decidingId: answer?.explanation.by === 'rule' ? answer.explanation.ruleId : null,
    error: revision.error,
    retry: revision.refetch,
    isLoading: revision.isLoading,
  };
}

function useQuestion(): AccessQuestion {
  const [{ action = 'publish', topic = '' }] = useRulesSearch();
  const client = useSearchedClient();
  const nowMs = useMinute();
  return useMemo(() => ({ ...client, action, topic, nowMs }), [client, action, topic, nowMs]);
}

function againstOf(text: string | undefined): Against {
  if (text === undefined) return 'draft';
  return text === 'saved' ? text : Number(text);
}

function useAnswer(policy: Policy | null, question: AccessQuestion, against: Against): AccessAnswer | null {
  return useMemo(() => {
    const { identity, own, action, topic, nowMs } = question;
    if (policy === null || identity.clientId === '' || topic === '') return null;
    return { against, policy, explanation: explain(policy, identity, action, topic, nowMs, own) };
  }, [policy, question, against]);
}

function isDifferent(a: Explanation, b: Explanation): boolean {
  return a.allowed !== b.allowed || a.exclusions.join('\n') !== b.exclusions.join('\n');
}
