import { expect, test } from 'vitest';
import type { Session } from '../session.js';
import { Subscription } from '../subscription.js';
import { MatchCache } from './match-cache.js';
import { SubscriptionIndex } from './subscription-index.js';

test('a cache of many topics with many receivers each stays within its bound, and answers on', () => {
  const tree = new SubscriptionIndex();
  const request = { filter: 'news/#', qos: 0 as const, noLocal: false, retainAsPublished: false };
  for (let i = 0; i < 100; i++) {
    tree.add(new Subscription({} as Session, request, { ruleId: null, exclusions: [] }));
  }
  const cache = new MatchCache(tree, { matchCacheTopics: 1000, matchCacheReceivers: 950 });
  for (let i = 0; i < 500; i++) {
    expect(cache.match(`news/${i}`).receivers.deliveries).toHaveLength(100);
    if (i % 7 === 0) cache.change(`news/${i}`);
    if (i % 50 === 0) cache.change('news/#');
    expect(cache.remembered).toBeLessThanOrEqual(950);
  }
  expect(cache.remembered).toBeGreaterThan(0);
});
