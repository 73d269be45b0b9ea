import { filterMatches } from '@perch/policy';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SharedFrames } from '../frame.js';
import type { Qos } from '../message.js';
import type { Session } from '../session.js';
import { Subscription } from '../subscription.js';
import { PATIENCE_MS, runs } from '../testing/property-runs.js';
import { anyFilter, anyPlainFilter, anyTopic } from '../testing/topic-arbitraries.js';
import { MatchCache } from './match-cache.js';
import type { SharedGroup } from './shared-group.js';
import { SubscriptionIndex } from './subscription-index.js';
import type { Group } from './tap.js';

/** Nobody watches here: all of them are groups of subscriptions. */
const keyOf = (group: Group) => (group as SharedGroup).key;

const SESSIONS = 4;
/** Asked for again and again, so that the cache remembers some of them. */
const fewTopics = fc.constantFrom('a', 'a/b', 'a/b/c', '/a', 'a/', '$SYS/a', '$SYS');

const subscribe = fc.record({
  kind: fc.constant('subscribe' as const),
  session: fc.nat({ max: SESSIONS - 1 }),
  filter: anyFilter,
  qos: fc.constantFrom<Qos>(0, 1, 2),
  noLocal: fc.boolean(),
  retainAsPublished: fc.boolean(),
  identifiers: fc.option(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 1 }), { nil: undefined }),
  exclusions: fc.array(anyPlainFilter, { maxLength: 2 }),
});
const change = fc.oneof(
  { weight: 3, arbitrary: subscribe },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('unsubscribe' as const), which: fc.nat() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('exclude' as const),
      which: fc.nat(),
      exclusions: fc.array(anyPlainFilter, { maxLength: 2 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('match' as const), topic: fewTopics }) },
);
type Change = typeof change extends fc.Arbitrary<infer C> ? C : never;

/** The index behind its cache, and beside it the plain list of what it should hold. */
class Rig {
  readonly index = new SubscriptionIndex();
  readonly limits = { matchCacheTopics: 5, matchCacheReceivers: 12 };
  readonly cache = new MatchCache(this.index, this.limits);
  readonly live: Subscription[] = [];
  private readonly served: Subscription[] = [];
  private readonly joinedAt = new Map<Subscription, number>();
  private readonly servedAt = new Map<Subscription, number>();
  private time = 0;
  private readonly sessions = Array.from({ length: SESSIONS }, (_, i) => this.newSession(`client-${i}`));

  apply(change: Change): void {
    if (change.kind === 'subscribe') return this.subscribe(change);
    if (change.kind === 'match') return this.check(change.topic);
    const subscription = this.live[change.which % this.live.length];
    if (!subscription) return;
    if (change.kind === 'exclude') subscription.exclusions = change.exclusions.length > 0 ? change.exclusions : null;
    else this.remove(subscription);
    this.cache.change(subscription.topicFilter);
  }

  /** What the broker says about this topic, against what the filter algebra says about each subscription. */
  check(topic: string): void {
    const matching = this.live.filter(({ topicFilter }) => filterMatches(topicFilter, topic));
    const unshared = matching.filter(({ share }) => share === null);
    const { subscriptions, groups } = this.index.match(topic);
    expect(new Set(subscriptions)).toEqual(new Set(unshared));
    expect(subscriptions).toHaveLength(unshared.length);
    const shared = new Set(matching.filter(({ share }) => share !== null).map(({ filter }) => filter));
    expect(groups.map(keyOf).sort()).toEqual([...shared].sort());

    const { deliveries } = this.cache.match(topic).receivers;
    const seen = unshared.filter(({ exclusions }) => !exclusions?.some((excluded) => filterMatches(excluded, topic)));
    expect(inOrder(deliveries.map((one) => summaryOf(one.session, [one])))).toEqual(mergedBySession(seen));
    // An own message comes only because of those that ask for it [MQTT5-3.8.3-3].
    const own = deliveries.flatMap(({ forOwn }) => forOwn ?? []);
    expect(inOrder(own.map((one) => summaryOf(one.session, [one])))).toEqual(
      mergedBySession(seen.filter(({ noLocal }) => !noLocal)),
    );
    const forOwn = deliveries.flatMap((one) => one.forOwn ?? []);
    const notLocal = seen.filter(({ noLocal }) => !noLocal);
    expect(inOrder(forOwn.map((one) => summaryOf(one.session, [one])))).toEqual(mergedBySession(notLocal));
    expect(this.cache.match(topic).receivers.groups.map(keyOf).sort()).toEqual([...shared].sort());
    expect(this.cache.remembered).toBeLessThanOrEqual(this.limits.matchCacheReceivers);
    expect(this.index.size).toBe(this.live.length);
  }

  /** One message for each group: somebody gets it who may see it, or nobody may. */
  checkShared(topic: string): Subscription[] {
    const frames = { message: { topic } } as SharedFrames;
    const all: Subscription[] = [];
    for (const group of this.index.match(topic).groups) {
      const members = this.live.filter(({ filter }) => filter === keyOf(group));
      const eligible = members.filter(({ exclusions }) => !exclusions?.some((one) => filterMatches(one, topic)));
      this.served.length = 0;
      expect(group.deliver(frames)).toBe(eligible.length > 0);
      expect(this.served).toHaveLength(Math.min(1, eligible.length));
      for (const served of this.served) expect(eligible).toContain(served);
      all.push(...this.served);
    }
    return all;
  }

  /** Before anybody is served again, everybody else has been who was there all the time [MQTT5 4.8.2]. */
  checkTurn(topic: string): void {
    for (const served of this.checkShared(topic)) {
      const before = this.servedAt.get(served) ?? 0;
      const others = this.live.filter((other) => other !== served && other.filter === served.filter);
      for (const other of others) {
        if (this.joinedAt.get(other)! < before) expect(this.servedAt.get(other) ?? 0).toBeGreaterThan(before);
      }
      this.servedAt.set(served, ++this.time);
    }
  }

  private subscribe(request: Extract<Change, { kind: 'subscribe' }>): void {
    const session = this.sessions[request.session]!;
    const former = this.live.find((one) => one.session === session && one.filter === request.filter);
    if (former) this.remove(former);
    const subscription = new Subscription(session, request, { ruleId: null, exclusions: request.exclusions });
    this.live.push(subscription);
    this.joinedAt.set(subscription, ++this.time);
    this.index.add(subscription);
    this.cache.change(subscription.topicFilter);
  }

  private remove(subscription: Subscription): void {
    this.live.splice(this.live.indexOf(subscription), 1);
    this.index.remove(subscription);
  }

  /** Takes whatever a group hands to it, and notes through which membership. */
  private newSession(clientId: string): Session {
    const deliver = (_frames: SharedFrames, subscription: Subscription) => this.served.push(subscription) > 0;
    return { clientId, hasRoom: true, deliver } as unknown as Session;
  }
}

/** What makes one delivery differ from another. */
interface Summary {
  readonly session: string;
  readonly qos: number;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly identifiers: readonly number[];
}

function summaryOf(session: Session, all: readonly Subscription[]): Summary {
  return {
    session: session.clientId,
    qos: Math.max(...all.map(({ qos }) => qos)),
    noLocal: all.every(({ noLocal }) => noLocal),
    retainAsPublished: all.some(({ retainAsPublished }) => retainAsPublished),
    identifiers: all.flatMap(({ variant }) => variant?.subscriptionIdentifiers ?? []).sort(),
  };
}

/** What the decision record on overlapping subscriptions says, in the plainest words. */
function mergedBySession(seen: readonly Subscription[]): Summary[] {
  const sessions = [...new Set(seen.map(({ session }) => session))];
  return inOrder(
    sessions.map((session) =>
      summaryOf(
        session,
        seen.filter((one) => one.session === session),
      ),
    ),
  );
}

function inOrder(summaries: Summary[]): Summary[] {
  return summaries.sort((a, b) => a.session.localeCompare(b.session));
}

test(
  'whatever comes and goes in between, index and cache answer what the filter algebra says [MQTT-4.7.2-1] [MQTT5-4.7.2-1] [MQTT-3.3.5-1] [MQTT5-3.3.4-2] [MQTT5-3.3.4-4]',
  { timeout: PATIENCE_MS },
  () => {
    fc.assert(
      fc.property(
        fc.array(change, { maxLength: 40, size: 'max' }),
        fc.array(anyTopic, { maxLength: 4 }),
        (changes, topics) => {
          const rig = new Rig();
          for (const each of changes) rig.apply(each);
          for (const topic of topics) rig.check(topic);
        },
      ),
      runs(400),
    );
  },
);

test('the members of a shared group take turns, whoever joins and leaves', { timeout: PATIENCE_MS }, () => {
  const joining = subscribe.map((request) => ({ ...request, filter: '$share/g/#', exclusions: [] }));
  const step = fc.oneof(
    { weight: 2, arbitrary: joining },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('unsubscribe' as const), which: fc.nat() }) },
    { weight: 4, arbitrary: fc.constant('message' as const) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
      const rig = new Rig();
      for (const each of steps) {
        if (each === 'message') rig.checkTurn('a');
        else rig.apply(each);
      }
    }),
    runs(500),
  );
});

test('a shared message goes to somebody who may see it, if there is anybody', { timeout: PATIENCE_MS }, () => {
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 30, size: 'max' }),
      fc.array(anyTopic, { maxLength: 6 }),
      (changes, topics) => {
        const rig = new Rig();
        for (const each of changes) rig.apply(each);
        for (const topic of topics) rig.checkShared(topic);
      },
    ),
    runs(300),
  );
});
