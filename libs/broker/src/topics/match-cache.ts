import { filterMatches } from '@perch/policy';
import type { Limits } from '../limits.js';
import { Subscription } from '../subscription.js';
import type { Session } from '../session.js';
import type { SharedGroup } from './shared-group.js';
import type { SubscriptionIndex } from './subscription-index.js';
import { isWildcard } from './levels.js';

/** Who gets the messages of one topic. Never changed once it is made. */
export interface Receivers {
  /** One per session, exclusions already applied. */
  readonly deliveries: readonly Subscription[];
  /** Of each, one member gets the message. */
  readonly groups: readonly SharedGroup[];
  /** Some of them are durable sessions. */
  readonly isDurable: boolean;
}

interface Entry {
  readonly generation: number;
  readonly receivers: Receivers;
}

/**
 * The deliveries that a topic leads to, remembered between publishes: one per session, exclusions already applied.
 * A change of a filter without wildcards forgets one topic; any other change forgets all, lazily.
 */
export class MatchCache {
  private readonly entries = new Map<string, Entry>();
  private generation = 0;
  private totalReceivers = 0;

  constructor(
    private readonly index: SubscriptionIndex,
    private readonly limits: Pick<Limits, 'matchCacheTopics' | 'matchCacheReceivers'>,
  ) {}

  /** Receivers that are remembered, over all topics. */
  get remembered(): number {
    return this.totalReceivers;
  }

  /** Who gets a message on this topic. */
  receivers(topic: string): Receivers {
    const known = this.entries.get(topic);
    if (known && known.generation === this.generation) return known.receivers;
    const receivers = this.find(topic);
    this.forget(topic);
    this.remember(topic, receivers);
    return receivers;
  }

  /** The same, not remembered: for topics that are rarely published twice. */
  find(topic: string): Receivers {
    const { subscriptions, groups } = this.index.match(topic);
    const deliveries = onePerSession(subscriptions, topic);
    const isDurable = deliveries.some(({ session }) => session.durable) || groups.some((group) => group.isDurable);
    return { deliveries, groups, isDurable };
  }

  /** The subscriptions at this filter, or what they exclude, have changed. */
  changed(filter: string): void {
    if (isWildcard(filter)) this.generation++;
    else this.forget(filter);
  }

  private remember(topic: string, receivers: Receivers): void {
    const { matchCacheTopics, matchCacheReceivers } = this.limits;
    const count = countOf(receivers);
    if (count > matchCacheReceivers) return;
    if (this.entries.size >= matchCacheTopics || this.totalReceivers + count > matchCacheReceivers) {
      this.entries.clear();
      this.totalReceivers = 0;
    }
    this.entries.set(topic, { generation: this.generation, receivers });
    this.totalReceivers += count;
  }

  private forget(topic: string): void {
    const known = this.entries.get(topic);
    if (known) this.totalReceivers -= countOf(known.receivers);
    this.entries.delete(topic);
  }
}

function countOf({ deliveries, groups }: Receivers): number {
  return deliveries.length + groups.length;
}

/**
 * A session whose filters overlap gets one message, at the highest QoS of them [MQTT-3.3.5-1];
 * see the decision record on overlapping subscriptions.
 */
function onePerSession(matches: readonly Subscription[], topic: string): readonly Subscription[] {
  const bySession = new Map<Session, Subscription>();
  for (const subscription of matches) {
    if (subscription.exclusions?.some((filter) => filterMatches(filter, topic))) continue;
    const other = bySession.get(subscription.session);
    bySession.set(subscription.session, other ? merge(other, subscription) : subscription);
  }
  return bySession.size === matches.length ? matches : [...bySession.values()];
}

function merge(a: Subscription, b: Subscription): Subscription {
  const request = {
    filter: a.filter,
    qos: a.qos > b.qos ? a.qos : b.qos,
    noLocal: a.noLocal && b.noLocal,
    retainAsPublished: a.retainAsPublished || b.retainAsPublished,
    identifiers: identifiersOf(a, b),
  };
  const merged = new Subscription(a.session, request, { ruleId: a.ruleId, exclusions: [] });
  if (a.forOwn !== a || b.forOwn !== b) merged.forOwn = mergeOwn(a.forOwn, b.forOwn);
  return merged;
}

/** [MQTT5-3.8.3-3] An own message comes only because of those that ask for it: at their QoS, with their identifiers. */
function mergeOwn(a: Subscription | null, b: Subscription | null): Subscription | null {
  return a && b ? merge(a, b) : (a ?? b);
}

/** [MQTT5-3.3.4-4] one copy carries the identifiers of all subscriptions that matched */
function identifiersOf(a: Subscription, b: Subscription): readonly number[] | undefined {
  if (!a.variant || !b.variant) return (a.variant ?? b.variant)?.subscriptionIdentifiers;
  return [...a.variant.subscriptionIdentifiers, ...b.variant.subscriptionIdentifiers];
}
