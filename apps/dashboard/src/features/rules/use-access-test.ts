import { type Action, type ClientIdentity, explain, type Explanation } from '@perch/policy';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import type { Draft, PolicyContent } from './draft.js';
import { useRulesSearch } from './use-rules-search.js';

/** A question to the rules. */
export interface AccessQuestion {
  readonly identity: ClientIdentity;
  readonly action: Action;
  readonly topic: string;
}

/** The question in the address and its answers; null until the question is complete. */
export interface AccessTest {
  readonly question: AccessQuestion;
  readonly against: 'draft' | 'saved';
  readonly answer: Explanation | null;
  /** The answer of the other rules, where it differs. */
  readonly otherAnswer: Explanation | null;
  /** The rule to mark in the list. */
  readonly decidingId: string | null;
}

/** Asks the draft and the saved rules, in the browser, by the same engine as the broker. */
export function useAccessTest(draft: Draft): AccessTest {
  const [search] = useRulesSearch();
  const { client = '', username, address, action = 'publish', topic = '', against = 'draft' } = search;
  const question = useMemo<AccessQuestion>(
    () => ({
      identity: { clientId: client, username: username ?? null, address: address ?? null },
      action,
      topic,
    }),
    [client, username, address, action, topic],
  );
  const content = useDeferredValue(draft.content);
  const minute = useMinute();
  const byDraft = useMemo(() => ask(content, question, minute), [content, question, minute]);
  const bySaved = useMemo(() => ask(draft.saved, question, minute), [draft.saved, question, minute]);
  const [answer, other] = against === 'draft' ? [byDraft, bySaved] : [bySaved, byDraft];
  const isDifferent = answer !== null && other !== null && answer.allowed !== other.allowed;
  return { question, against, answer, otherAnswer: isDifferent ? other : null, decidingId: answer?.ruleId ?? null };
}

/** The time, renewed every minute: fine enough for rules that end. */
function useMinute(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function ask(policy: PolicyContent, { identity, action, topic }: AccessQuestion, nowMs: number): Explanation | null {
  if (identity.clientId === '' || topic === '') return null;
  return explain(policy, identity, action, topic, nowMs);
}
