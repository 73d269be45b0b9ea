import type { ClientIdentity, OwnRules } from './rule.js';

const NOTHING: readonly string[] = Object.freeze([]);

/**
 * What decided by the policy: one of its rules, one of the client's own rules, the default because no rule had anything to
 * say, or what no rule can change (a malformed topic, a publish under `$SYS`, who reads `$remote/<client id>/rx`).
 */
export type PolicyDecider = 'rule' | 'own-rule' | 'default' | 'built-in';

/** What decided; an `authorizer` is asked what no rule has anything to say about. */
export type Decider = PolicyDecider | 'authorizer';

/** What was decided, and what decided it. */
export interface Verdict {
  readonly allowed: boolean;
  /** The rule that decided, or the name of the authorizer; null when there is none: see `by`. */
  readonly ruleId: string | null;
  /** `default` means that the policy had nothing to say, so that somebody else may be asked. */
  readonly by: Decider;
}

/** What was decided about a subscription. */
export interface SubscribeVerdict extends Verdict {
  /** Filters cut out of a granted subscription: a message that one of them matches is not delivered through it. */
  readonly exclusions: readonly string[];
  /** The id of the deny rule behind each exclusion, in the same order. */
  readonly excludedBy: readonly string[];
}

/**
 * What is remembered of a topic by those who judge it: what the rules say of it without a look at the client is the same
 * for all clients of which the same rules speak. Begins with null, and belongs to one topic for ever.
 */
export interface JudgedTopic {
  /** Stands for the rules that said so. */
  judgedBy: object | null;
  verdict: Verdict | null;
}

/** What one client may do, from the moment it was compiled until `validUntil`. */
export interface Grants {
  readonly identity: ClientIdentity;
  /** The next instant (ms) at which the passing of time changes these grants, or null. */
  readonly validUntil: number | null;
  /** Judges a PUBLISH to this topic. An invalid topic is refused. `known` is what others were told about it. */
  publish(topic: string, known?: JudgedTopic | null): Verdict;
  /** Up to 32 of the topics that were published to last, the last first; longer ones than 128 characters are not told. */
  recentTopics(): readonly string[];
  /** Judges a SUBSCRIBE with this filter; `$share/group/F` is judged as F. A malformed filter is refused. */
  subscribe(filter: string): SubscribeVerdict;
}

/** Where the grants of clients come from. */
export interface GrantsSource {
  /**
   * What this client may do from `nowMs` on, until the grants' own `validUntil`; `own` are rules of this client alone.
   * Throws a RangeError when those are more than `MAX_OWN_RULES`: whoever makes them has to refuse the rest.
   */
  grantsFor(identity: ClientIdentity, nowMs: number, own?: OwnRules | null): Grants;
}

/** A verdict without exclusions, made once and shared by all that it is given to. */
export function plainVerdict<By extends Decider>({
  allowed,
  ruleId,
  by,
}: Verdict & { readonly by: By }): SubscribeVerdict & { readonly by: By } {
  return Object.freeze({ allowed, ruleId, by, exclusions: NOTHING, excludedBy: NOTHING });
}

/** The refusal that no rule stands behind: a malformed topic or filter, a publish under `$SYS`, what is sent to another. */
export const BUILT_IN_REFUSAL = plainVerdict({ allowed: false, ruleId: null, by: 'built-in' });

/** A client may read what is sent to it alone. */
export const BUILT_IN_GRANT = plainVerdict({ allowed: true, ruleId: null, by: 'built-in' });

/** Whether only the broker itself publishes there, whatever the rules say. */
export function isBrokerTopic(topic: string): boolean {
  return topic.startsWith('$SYS') && (topic.length === 4 || topic.charCodeAt(4) === 0x2f);
}
