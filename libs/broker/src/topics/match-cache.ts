import type { Limits } from '../limits.js';
import type { Refusals } from '../refusals.js';
import { excludes, Subscription } from '../subscription.js';
import type { Session } from '../session.js';
import { FilterChanges } from './filter-changes.js';
import type { Matches, SubscriptionIndex } from './subscription-index.js';
import type { Group } from './tap.js';
import { isWildcard } from './levels.js';

/** Who gets the messages of one topic. Never changed once it is made. */
export interface Receivers {
  /** One per session, exclusions already applied. */
  readonly deliveries: readonly Subscription[];
  /** Of each, one member gets the message; or somebody watches it. */
  readonly groups: readonly Group[];
  /** Some of them are durable sessions. */
  readonly isDurable: boolean;
}

/** What is known of one topic. Ask `MatchCache.isCurrent` before each use. */
export class Match {
  /** It was looked up again, or forgotten. */
  isStale = false;

  constructor(
    readonly topic: string,
    public receivers: Receivers,
    /** How many changes it has taken into account. */
    public changes: number,
  ) {}

  /** Whoever still holds it finds nobody. */
  forget(): void {
    this.isStale = true;
    this.receivers = NO_RECEIVERS;
  }
}

/** Longer ones are looked up each time: what is remembered is bounded by its number. */
const LONGEST_TOPIC = 512;
const NOBODY: readonly Subscription[] = [];
const NO_RECEIVERS: Receivers = { deliveries: NOBODY, groups: [], isDurable: false };

/**
 * The deliveries that a topic leads to, remembered between publishes: one per session, exclusions already applied.
 * A change of a filter without wildcards forgets one topic. The others are noted, and each match is held against what
 * it has missed when it is next used: a storm of subscriptions elsewhere costs it nearly nothing.
 */
export class MatchCache {
  private readonly entries = new Map<string, Match>();
  private readonly changes = new FilterChanges();
  private totalReceivers = 0;

  constructor(
    private readonly index: SubscriptionIndex,
    private readonly limits: Pick<Limits, 'matchCacheTopics' | 'matchCacheReceivers'>,
    private readonly refusals: Pick<Refusals, 'ofDelivery'> | null = null,
  ) {}

  /** Receivers that are remembered, over all topics. */
  get remembered(): number {
    return this.totalReceivers;
  }

  /** Who gets a message on this topic. */
  match(topic: string): Match {
    const known = this.entries.get(topic);
    if (known && this.isCurrent(known)) return known;
    const match = new Match(topic, this.find(topic, this.refusals), this.changes.count);
    if (known) this.forget(topic);
    this.remember(match);
    return match;
  }

  /** It still says who gets a message on its topic. */
  isCurrent(match: Match): boolean {
    return match.changes === this.changes.count ? !match.isStale : this.catchUp(match);
  }

  /** The same, not remembered: for topics that are rarely published twice. */
  find(topic: string, refusals: Pick<Refusals, 'ofDelivery'> | null = null): Receivers {
    const { subscriptions, groups } = this.index.match(topic);
    const deliveries = onePerSession(subscriptions, topic);
    refusals?.ofDelivery(excludedFrom({ subscriptions, groups }, topic, deliveries), topic);
    const isDurable = deliveries.some(({ session }) => session.durable) || groups.some((group) => group.isDurable);
    return { deliveries, groups, isDurable };
  }

  /** The subscriptions at this filter, or what they exclude, have changed. */
  change(filter: string): void {
    if (isWildcard(filter)) this.changes.note(filter);
    else this.forget(filter);
  }

  /** True when none of the changes that it has missed concerns it. */
  private catchUp(match: Match): boolean {
    if (match.isStale || this.changes.concern(match.topic, match.changes)) return false;
    match.changes = this.changes.count;
    return true;
  }

  private remember(match: Match): void {
    const { matchCacheTopics, matchCacheReceivers } = this.limits;
    const count = countOf(match.receivers);
    if (count > matchCacheReceivers || match.topic.length > LONGEST_TOPIC) match.isStale = true;
    else {
      if (this.entries.size >= matchCacheTopics || this.totalReceivers + count > matchCacheReceivers) this.clear();
      this.entries.set(match.topic, match);
      this.totalReceivers += count;
    }
  }

  /** What is not in the cache is not told of changes, so nobody may go on using it. */
  private clear(): void {
    for (const match of this.entries.values()) match.forget();
    this.entries.clear();
    this.totalReceivers = 0;
  }

  private forget(topic: string): void {
    const known = this.entries.get(topic);
    if (!known) return;
    this.totalReceivers -= countOf(known.receivers);
    known.forget();
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
  const [first] = matches;
  if (!first) return NOBODY;
  // A list of its own: the other one has room for more.
  if (matches.length === 1 && !first.exclusions) return [first];
  const bySession = new Map<Session, Subscription>();
  for (const subscription of matches) {
    if (excludes(subscription, topic)) continue;
    const other = bySession.get(subscription.session);
    bySession.set(subscription.session, other ? merge(other, subscription) : subscription);
  }
  return bySession.size === matches.length ? matches : [...bySession.values()];
}

/** The subscriptions that an exclusion keeps the topic from, of sessions that do not get it through another one. */
function excludedFrom(
  { subscriptions, groups }: Matches,
  topic: string,
  deliveries: readonly Subscription[],
): readonly Subscription[] {
  const excluded = subscriptions.filter((subscription) => excludes(subscription, topic));
  for (const group of groups) excluded.push(...group.excluded(topic));
  if (excluded.length === 0) return NOBODY;
  const reached = new Set(deliveries.map(({ session }) => session));
  return excluded.filter(({ session }) => !reached.has(session));
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
