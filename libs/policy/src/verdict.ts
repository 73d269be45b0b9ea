import type { ClientIdentity } from './rule.js';

const NOTHING: readonly string[] = Object.freeze([]);

/** What was decided, and which rule decided it. */
export interface Verdict {
  readonly allowed: boolean;
  /** Null when no rule decided: the policy's default, or what no rule can change (nobody publishes under `$SYS`). */
  readonly ruleId: string | null;
}

/** What was decided about a subscription. */
export interface SubscribeVerdict extends Verdict {
  /** Filters cut out of a granted subscription: a message that one of them matches is not delivered through it. */
  readonly exclusions: readonly string[];
  /** The id of the deny rule behind each exclusion, in the same order. */
  readonly excludedBy: readonly string[];
}

/** What one client may do, from the moment it was compiled until `validUntil`. */
export interface Grants {
  readonly identity: ClientIdentity;
  /** The next instant (ms) at which the passing of time changes these grants, or null. */
  readonly validUntil: number | null;
  /** Judges a PUBLISH to this topic. An invalid topic is refused. */
  publish(topic: string): Verdict;
  /** Judges a SUBSCRIBE with this filter; `$share/group/F` is judged as F. A malformed filter is refused. */
  subscribe(filter: string): SubscribeVerdict;
}

/** A verdict without exclusions, made once and shared by all that it is given to. */
export function plainVerdict(allowed: boolean, ruleId: string | null): SubscribeVerdict {
  return Object.freeze({ allowed, ruleId, exclusions: NOTHING, excludedBy: NOTHING });
}

/** The refusal that no rule stands behind: a malformed topic or filter, or a publish under `$SYS`. */
export const BUILT_IN_REFUSAL = plainVerdict(false, null);

/** Whether only the broker itself publishes there, whatever the rules say. */
export function isBrokerTopic(topic: string): boolean {
  return topic.startsWith('$SYS') && (topic.length === 4 || topic.charCodeAt(4) === 0x2f);
}
