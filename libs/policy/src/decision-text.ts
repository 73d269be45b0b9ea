import { isValidTopic, splitSharedFilter } from './filter.js';
import { remoteDecision } from './remote-topics.js';
import type { Action, ClientIdentity, Effect, Rule } from './rule.js';
import { isBrokerTopic } from './verdict.js';

/** A rule and its place, from 0: in the policy, or among those that the client brought along. */
export interface PlacedRule {
  readonly rule: Rule;
  readonly index: number;
  readonly isOwn?: true;
}

/** A filter that a deny takes out of what was asked for. */
export interface Cut extends PlacedRule {
  readonly filter: string;
}

/** What no rule can change about an action of this client, with the reason; null when the rules are asked. */
export function builtInDecision(
  action: Action,
  topic: string,
  identity: ClientIdentity,
): { readonly allowed: boolean; readonly reason: string } | null {
  const reason = builtInRefusal(action, topic);
  if (reason !== null) return { allowed: false, reason };
  return action === 'subscribe' ? remoteDecision(splitSharedFilter(topic)?.filter ?? topic, identity) : null;
}

/** Why an action is refused that no rule can allow to anybody, or null. */
export function builtInRefusal(action: Action, topic: string): string | null {
  if (action === 'subscribe') {
    return splitSharedFilter(topic) === null ? `Denied: “${topic}” is not a filter that one can subscribe to.` : null;
  }
  if (isBrokerTopic(topic)) return 'Denied: only the broker itself publishes under $SYS, whatever the rules say.';
  return isValidTopic(topic) ? null : `Denied: “${topic}” is not a topic that one can publish to.`;
}

/** One sentence: what was decided, by which rule (null: the default), and which filters were cut out of it. */
export function decisionText(effect: Effect, decider: PlacedRule | null, exclusions: readonly string[]): string {
  const decision = effect === 'allow' ? 'Allowed' : 'Denied';
  const by = decider === null ? `: no rule applies and the default is ${effect}` : ` by ${ruleText(decider)}`;
  return `${decision}${by}${exclusions.length > 0 ? `, without ${exclusions.join(', ')}` : ''}.`;
}

/** One sentence: a deny overlaps what was asked for, and the policy refuses such a thing as a whole. */
export function overlapText(action: Action, cut: Cut): string {
  return `Denied by ${ruleText(cut)}: it denies “${cut.filter}”, a part of what the ${action} asks for.`;
}

function ruleText({ rule, index, isOwn }: PlacedRule): string {
  const who = rule.subject === 'everyone' ? 'everyone' : `${rule.subject} ${rule.value}`;
  return `${isOwn ? 'the client’s own ' : ''}rule ${index + 1} (${rule.effect} ${who} ${rule.access} ${rule.topics.join(', ')})`;
}
