import type { PolicyTest, Rule } from '@perch/policy';
import type { PolicyContent, SavedPolicy } from '../draft.js';

/** A rule; only what the test is about needs saying. */
export function aRule(rule: Partial<Rule> = {}): Rule {
  return {
    id: 'r1',
    effect: 'allow',
    subject: 'clientid',
    value: '*',
    access: 'pubsub',
    topics: ['a'],
    enabled: true,
    mode: 'enforce',
    validUntil: null,
    note: '',
    ...rule,
  };
}

/** Rules with these ids, in this order. */
export function rulesNamed(...ids: string[]): Rule[] {
  return ids.map((id) => aRule({ id, topics: [id] }));
}

/** A policy of these rules that denies the rest. */
export function aContent(rules: readonly Rule[]): PolicyContent {
  return { rules, settings: { noMatch: 'deny', wildcardOverlap: 'exclude' }, tests: [] };
}

/** The same, saved. */
export function aSavedPolicy(rules: readonly Rule[], revision = 1): SavedPolicy {
  return { ...aContent(rules), revision };
}

/** An access test: `dev-1` may publish to `a`. */
export function aTest(test: Partial<PolicyTest> = {}): PolicyTest {
  return {
    id: 't1',
    client: { clientId: 'dev-1', username: null, address: null },
    action: 'publish',
    topic: 'a',
    expect: 'allow',
    note: '',
    ...test,
  };
}
