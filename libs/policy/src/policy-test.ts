import { parseAddress } from './address.js';
import { compilePolicy } from './compile-policy.js';
import {
  builtInDecision,
  builtInRefusal,
  type Cut,
  decisionText,
  overlapText,
  type PlacedRule,
} from './decision-text.js';
import { askRule } from './explain-step.js';
import { splitSharedFilter } from './filter.js';
import { spellOut } from './levels.js';
import { placeholderValues } from './placeholders.js';
import type { Action, ClientIdentity, Effect, Policy } from './rule.js';
import type { Grants, SubscribeVerdict, Verdict } from './verdict.js';

/** A saved assertion about the policy: what this client wants to do there is allowed, or denied. */
export interface PolicyTest {
  /** Stable across revisions. */
  readonly id: string;
  readonly client: ClientIdentity;
  readonly action: Action;
  /** What is published to, or the filter that is subscribed with. */
  readonly topic: string;
  readonly expect: Effect;
  readonly note: string;
}

/** Why a test could never say anything, at the field that has to change. */
export interface PolicyTestProblem {
  readonly field: 'client.clientId' | 'client.address' | 'action' | 'topic' | 'expect';
  readonly message: string;
}

/** What became of one test. */
export interface PolicyTestResult {
  readonly testId: string;
  readonly passed: boolean;
  readonly allowed: boolean;
  /** The rule that decided, or null for the default and what no rule can change. */
  readonly ruleId: string | null;
  /** Filters cut out of a granted subscription, which counts as allowed. */
  readonly exclusions: readonly string[];
  /** One sentence. */
  readonly reason: string;
}

/** Everything that keeps the test from being asked; empty when it can be. */
export function validatePolicyTest({ client, action, topic, expect }: PolicyTest): PolicyTestProblem[] {
  const problems: PolicyTestProblem[] = [];
  const add = (field: PolicyTestProblem['field'], message: string) => problems.push({ field, message });
  if (client.clientId === '') add('client.clientId', 'The test names no client id.');
  if (client.address !== null && parseAddress(client.address) === null) {
    add('client.address', `“${client.address}” is not an IPv4 or IPv6 address.`);
  }
  if (action !== 'publish' && action !== 'subscribe') add('action', 'The action must be publish or subscribe.');
  else if (topic === '') add('topic', 'The test names no topic.');
  // A test may assert that nobody publishes under $SYS.
  else if (builtInRefusal(action, topic) !== null && !topic.startsWith('$SYS')) {
    add('topic', `“${topic}” is not a ${action === 'publish' ? 'topic to publish to' : 'filter to subscribe with'}.`);
  }
  if (expect !== 'allow' && expect !== 'deny') add('expect', 'The expectation must be allow or deny.');
  return problems;
}

/** Judges every test as the broker would at `nowMs`, in the order in which they stand. */
export function runPolicyTests(policy: Policy, tests: readonly PolicyTest[], nowMs: number): PolicyTestResult[] {
  const compiled = compilePolicy(policy);
  const places = new Map(policy.rules.map((rule, index) => [rule.id, { rule, index }]));
  return tests.map((test) => {
    const grants = compiled.grantsFor(test.client, nowMs);
    const verdict = judge(grants, test);
    const passed = verdict.allowed === (test.expect === 'allow');
    const { allowed, ruleId } = verdict;
    const exclusions = 'exclusions' in verdict ? verdict.exclusions : [];
    const decider = (ruleId === null ? null : places.get(ruleId)) ?? null;
    const reason = reasonOf({ test, allowed, decider, exclusions, nowMs });
    return { testId: test.id, passed, allowed, ruleId, exclusions, reason };
  });
}

function judge(grants: Grants, { action, topic }: PolicyTest): Verdict | SubscribeVerdict {
  return action === 'publish' ? grants.publish(topic) : grants.subscribe(topic);
}

interface Judged {
  readonly test: PolicyTest;
  readonly allowed: boolean;
  readonly decider: PlacedRule | null;
  readonly exclusions: readonly string[];
  readonly nowMs: number;
}

/** As `explain` says it, without asking the rules that did not decide. */
function reasonOf(judged: Judged): string {
  const { test, allowed, decider, exclusions } = judged;
  const builtIn = builtInDecision(test.action, test.topic, test.client);
  if (builtIn !== null) return builtIn.reason;
  const cut = allowed || decider === null ? null : partialDeny(judged, decider);
  return cut === null ? decisionText(allowed ? 'allow' : 'deny', decider, exclusions) : overlapText(test.action, cut);
}

/** What the deny takes out of the filter when it refuses it without covering it; otherwise null. */
function partialDeny({ test, nowMs }: Judged, decider: PlacedRule): Cut | null {
  const { client: identity, action, topic } = test;
  const wanted = action === 'publish' ? topic : spellOut(splitSharedFilter(topic)?.filter ?? topic);
  const question = { identity, values: placeholderValues(identity), action, wanted, nowMs };
  const [filter] = askRule(decider, question).exclusions;
  return filter === undefined ? null : { ...decider, filter };
}
