import { type Effect, explain, type Explanation, filterCovers, type Policy, type Rule } from '@perch/policy';
import type { AccessQuestion } from './use-access-test.js';

/** Why a rule that looks as if it allowed what was denied does not. */
export type MissKind = 'later' | 'disabled' | 'expired' | 'shadow' | 'access' | 'wider' | 'subject' | 'level';

/** The rule that comes closest to allowing what was denied. */
export interface NearMiss {
  readonly kind: MissKind;
  readonly rule: Rule;
  /** Counted from 1. */
  readonly position: number;
  /** The filter that comes closest, with the client's own values; empty where the topic is not what is missing. */
  readonly filter: string;
}

/** The closest first: what an operator most likely meant. */
const order: readonly MissKind[] = ['later', 'disabled', 'expired', 'shadow', 'access', 'wider', 'subject', 'level'];

/** The rule that an operator may have expected to allow this; null when it was allowed, or no rule comes near. */
export function nearMiss(policy: Policy, question: AccessQuestion, answer: Explanation): NearMiss | null {
  if (answer.allowed || answer.by === 'built-in') return null;
  let best: NearMiss | null = null;
  for (const [index, rule] of policy.rules.entries()) {
    if (rule.effect !== 'allow') continue;
    const miss = missOf(rule, question);
    if (miss === null) continue;
    if (best === null || order.indexOf(miss.kind) < order.indexOf(best.kind)) {
      best = { ...miss, rule, position: index + 1 };
    }
    if (best.kind === 'later') break;
  }
  return best;
}

function missOf(rule: Rule, question: AccessQuestion): Pick<NearMiss, 'kind' | 'filter'> | null {
  const alone = ask(rule, question);
  if (alone.allowed) return { kind: 'later', filter: '' };
  const lively = ask({ ...rule, enabled: true, mode: 'enforce', validUntil: null }, question);
  if (lively.allowed) return { kind: sleepOf(rule), filter: '' };
  if (!isInForce(rule)) return null;
  if (ask({ ...rule, access: 'pubsub' }, question).allowed) return { kind: 'access', filter: '' };
  const topics = alone.steps[0]?.topics ?? [];
  const narrow = topics.find(({ filter }) => question.action === 'subscribe' && filterCovers(question.topic, filter));
  if (narrow) return { kind: 'wider', filter: narrow.filter };
  const anyones = ask({ ...rule, subject: 'everyone', value: '*' }, question);
  if (anyones.allowed) return { kind: 'subject', filter: '' };
  const beside = topics.find(({ filter }) => levelsApart(filter, question.topic) === 1);
  return beside ? { kind: 'level', filter: beside.filter } : null;
}

function sleepOf({ enabled, mode }: Rule): MissKind {
  if (!enabled) return 'disabled';
  return mode === 'shadow' ? 'shadow' : 'expired';
}

function isInForce({ enabled, mode }: Rule): boolean {
  return enabled && mode === 'enforce';
}

/** How many levels of the topic do not fit the filter; infinitely many where one is longer, or has no other level. */
function levelsApart(filter: string, topic: string): number {
  const isOpen = filter.endsWith('/#');
  const rule = filter.split('/').slice(0, isOpen ? -1 : undefined);
  const wanted = topic.split('/');
  const isAlike = isOpen ? wanted.length >= rule.length : wanted.length === rule.length;
  if (!isAlike || rule.length < 2) return Infinity;
  return rule.filter((level, depth) => level !== wanted[depth] && (level !== '+' || wanted[depth] === '#')).length;
}

/** What this rule alone says. */
function ask(rule: Rule, { identity, action, topic, nowMs }: AccessQuestion): Explanation {
  const noMatch: Effect = 'deny';
  return explain({ rules: [rule], settings: { noMatch, wildcardOverlap: 'exclude' } }, identity, action, topic, nowMs);
}
