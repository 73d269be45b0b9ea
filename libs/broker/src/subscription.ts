import { filterMatches, splitSharedFilter } from '@perch/policy';
import type { Variant } from './frame.js';
import type { Qos } from './message.js';
import type { Session } from './session.js';

/** What a subscriber asks for with one filter [MQTT5 3.8.3.1]. */
export interface SubscriptionRequest {
  readonly filter: string;
  readonly qos: Qos;
  /** Own messages are not sent back. */
  readonly noLocal: boolean;
  /** Live messages keep the RETAIN flag they were published with. */
  readonly retainAsPublished: boolean;
  /** When retained messages are sent: 0 at each subscribe, 1 only at a new one, 2 never. */
  readonly retainHandling: 0 | 1 | 2;
  /** Come back with each message that the filter brings [MQTT5 3.8.2.1.2]. */
  readonly identifiers?: readonly number[];
}

/** What access control said to it. */
export interface Grant {
  /** The rule that allowed it, or null for the default. */
  readonly ruleId: string | null;
  /** Denied filters cut out of it. */
  readonly exclusions: readonly string[];
}

/** A message on the topic does not come through the subscription. */
export function excludes({ exclusions }: Subscription, topic: string): boolean {
  return exclusions !== null && exclusions.some((filter) => filterMatches(filter, topic));
}

/** One filter of one session, as it was granted. */
export class Subscription {
  /** Its place in the list that the topic tree keeps it in. */
  slot = -1;
  /** As it was asked for, `$share/…` and all. */
  readonly filter: string;
  /** What topics are matched with. */
  readonly topicFilter: string;
  /** The share name, or null for a subscription of its own [MQTT5 4.8.2]. */
  readonly share: string | null;
  qos: Qos;
  noLocal: boolean;
  retainAsPublished: boolean;
  ruleId: string | null;
  /** Denied filters cut out of it, or null for none: then delivery asks nothing. */
  exclusions: readonly string[] | null;
  /** What own messages come through: itself, or null for none; of several that overlap, those that let them. */
  forOwn: Subscription | null;
  /** How its deliveries differ from those of others, or null for not at all. */
  readonly variant: Variant | null;

  constructor(
    readonly session: Session,
    request: Omit<SubscriptionRequest, 'retainHandling'>,
    grant: Grant,
  ) {
    const shared = request.filter.startsWith('$share/') ? splitSharedFilter(request.filter) : null;
    this.filter = request.filter;
    this.topicFilter = shared?.filter ?? request.filter;
    this.share = shared?.group ?? null;
    this.qos = request.qos;
    this.noLocal = request.noLocal;
    this.forOwn = request.noLocal ? null : this;
    this.retainAsPublished = request.retainAsPublished;
    this.ruleId = grant.ruleId;
    this.exclusions = grant.exclusions.length > 0 ? grant.exclusions : null;
    this.variant = request.identifiers ? { subscriptionIdentifiers: request.identifiers } : null;
  }
}
