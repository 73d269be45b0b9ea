import { filterMatches } from '@perch/policy';
import type { Limits } from '../limits.js';
import { Subscription } from '../subscription.js';
import type { Session } from '../session.js';
import { isWildcard, type TopicTree } from './topic-tree.js';

interface Entry {
  readonly generation: number;
  readonly deliveries: readonly Subscription[];
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
    private readonly tree: TopicTree,
    private readonly limits: Pick<Limits, 'matchCacheTopics' | 'matchCacheReceivers'>,
  ) {}

  /** Receivers that are remembered, over all topics. */
  get receivers(): number {
    return this.totalReceivers;
  }

  /** Who gets a message on this topic. The list is never changed afterwards. */
  deliveries(topic: string): readonly Subscription[] {
    const known = this.entries.get(topic);
    if (known && known.generation === this.generation) return known.deliveries;
    const deliveries = this.find(topic);
    this.forget(topic);
    this.remember(topic, deliveries);
    return deliveries;
  }

  /** The same, not remembered: for topics that are rarely published twice. */
  find(topic: string): readonly Subscription[] {
    return onePerSession(this.tree.match(topic), topic);
  }

  /** The subscriptions at this filter, or what they exclude, have changed. */
  changed(filter: string): void {
    if (isWildcard(filter)) this.generation++;
    else this.forget(filter);
  }

  private remember(topic: string, deliveries: readonly Subscription[]): void {
    const { matchCacheTopics, matchCacheReceivers } = this.limits;
    if (deliveries.length > matchCacheReceivers) return;
    if (this.entries.size >= matchCacheTopics || this.totalReceivers + deliveries.length > matchCacheReceivers) {
      this.entries.clear();
      this.totalReceivers = 0;
    }
    this.entries.set(topic, { generation: this.generation, deliveries });
    this.totalReceivers += deliveries.length;
  }

  private forget(topic: string): void {
    this.totalReceivers -= this.entries.get(topic)?.deliveries.length ?? 0;
    this.entries.delete(topic);
  }
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
  };
  return new Subscription(a.session, request, { ruleId: a.ruleId, exclusions: [] });
}
