import { filterMatches } from '@perch/policy';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Session } from '../session.js';
import { Subscription } from '../subscription.js';
import { MatchCache, type Match } from './match-cache.js';
import { RetainedIndex } from './retained-index.js';
import { SubscriptionIndex } from './subscription-index.js';
import { TopicTree } from './topic-tree.js';

const name = fc.constantFrom('a', 'b', '', '$SYS');
const topics = fc
  .array(name, { minLength: 1, maxLength: 4 })
  .map((levels) => levels.join('/'))
  .filter((topic) => topic !== '');
const filters = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', '', '$SYS', '+'), { maxLength: 4 }), fc.boolean())
  .map(([levels, isOpen]) => (isOpen ? [...levels, '#'] : levels).join('/'))
  .filter((filter) => filter !== '');

function aSubscription(filter: string, session = {} as Session): Subscription {
  const request = { filter, qos: 0 as const, noLocal: false, retainAsPublished: false };
  return new Subscription(session, request, { ruleId: null, exclusions: [] });
}

test('the tree finds what the filter algebra says, whatever was added and removed before, and keeps nothing of it', () => {
  const changes = fc.array(fc.tuple(filters, fc.option(fc.nat(), { freq: 3 })), { maxLength: 30 });
  fc.assert(
    fc.property(changes, fc.array(topics, { minLength: 1, maxLength: 6 }), (changes, asked) => {
      const tree = new TopicTree<Subscription>();
      const live: Subscription[] = [];
      for (const [filter, removed] of changes) {
        const [former] = removed === null ? [] : live.splice(removed % (live.length + 1), 1);
        if (former) tree.remove(former);
        else {
          live.push(aSubscription(filter));
          tree.add(live.at(-1)!);
        }
      }
      for (const topic of asked) {
        const found = tree.match(topic);
        expect(new Set(found)).toEqual(new Set(live.filter(({ filter }) => filterMatches(filter, topic))));
        expect(found).toHaveLength(new Set(found).size);
      }
      expect(tree.size).toBe(live.length);
      for (const subscription of live) tree.remove(subscription);
      expect(tree).toEqual(new TopicTree());
    }),
  );
});

test('a hundred thousand filters at one level, and one of 128 levels, are found and leave nothing behind', () => {
  const tree = new TopicTree<Subscription>();
  const wide = Array.from({ length: 100_000 }, (_, n) => aSubscription(`${n}/+`));
  const deep = aSubscription('+/'.repeat(127) + '+');
  for (const subscription of [...wide, deep]) tree.add(subscription);
  expect(tree.match('77777/x')).toEqual([wide[77_777]]);
  expect(tree.match('x/'.repeat(127) + 'x')).toEqual([deep]);
  for (const subscription of [deep, ...wide]) tree.remove(subscription);
  expect(tree).toEqual(new TopicTree());
});

test('a subscription that was removed twice takes nobody else with it', () => {
  const tree = new TopicTree<Subscription>();
  const [first, second] = [aSubscription('a/+'), aSubscription('a/+')];
  tree.add(first);
  tree.add(second);
  tree.remove(first);
  tree.remove(first);
  expect(tree.match('a/b')).toEqual([second]);
});

test('the match cache never answers from before a change, nor does a match that somebody has kept', () => {
  fc.assert(
    fc.property(
      fc.array(filters, { maxLength: 12 }),
      fc.array(topics, { minLength: 1, maxLength: 4 }),
      (added, asked) => {
        const index = new SubscriptionIndex();
        const cache = new MatchCache(index, { matchCacheTopics: 3, matchCacheReceivers: 1000 });
        const kept: Match[] = [];
        for (const filter of added) {
          for (const topic of asked) kept.push(cache.match(topic));
          index.add(aSubscription(filter, {} as Session));
          cache.change(filter);
          for (const match of kept.filter((one) => cache.isCurrent(one))) {
            expect(match.receivers.deliveries).toHaveLength(index.match(match.topic).subscriptions.length);
          }
          for (const topic of asked) {
            expect(cache.match(topic).receivers.deliveries).toHaveLength(index.match(topic).subscriptions.length);
          }
        }
      },
    ),
  );
});

test('the retained index answers what the filter algebra says, and forgets what was deleted', () => {
  fc.assert(
    fc.property(
      fc.array(topics, { maxLength: 20 }),
      fc.array(topics, { maxLength: 5 }),
      filters,
      (kept, deleted, filter) => {
        const index = new RetainedIndex();
        for (const topic of kept) index.set(aMessage(topic));
        for (const topic of deleted) index.delete(topic);
        const left = [...new Set(kept)].filter((topic) => !deleted.includes(topic));
        expect([...index.search(filter)].map((message) => message?.topic).sort()).toEqual(
          left.filter((topic) => filterMatches(filter, topic)).sort(),
        );
        expect(index.size).toBe(left.length);
        expect(index.bytes).toBe(left.reduce((bytes, topic) => bytes + topic.length + 1, 0));
      },
    ),
  );
});

function aMessage(topic: string) {
  return {
    topic,
    payload: Buffer.from('x'),
    qos: 0 as const,
    retain: true,
    properties: null,
    publisher: 'test',
    receivedAt: 0,
    expiresAt: null,
  };
}
