import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Broker, type Subscription } from '@perch/broker';
import { filterCovers, filtersOverlap, isValidFilter } from '@perch/policy';
import { ApiError } from '../../http/api-error.js';
import { FirstByKey } from '../../http/first-by-key.js';
import { cutPage, decodeCursor } from '../../http/paging.js';
import { clientSubscriptions } from './client-subscriptions.js';
import type { TopicSubscriber, TopicSubscriberPage, TopicSubscriberQuery } from './topic.schemas.js';

/** Who is subscribed to a topic. */
@Injectable()
export class TopicSubscribers {
  constructor(private readonly broker: Broker) {}

  async page({ filter, limit, after }: TopicSubscriberQuery): Promise<TopicSubscriberPage> {
    assertFilter(filter);
    const start = decodeCursor(after);
    const found = new FirstByKey<Subscription>(limit + 1, keyOf);
    let total = 0;
    for (const subscription of clientSubscriptions(this.broker)) {
      if (!subscription) await setImmediate();
      else if (filtersOverlap(subscription.topicFilter, filter)) {
        total++;
        if (start === null || keyOf(subscription) > start) found.offer(subscription);
      }
    }
    const { items, next } = cutPage(found.inOrder, limit, keyOf);
    return { items: items.map((subscription) => subscriberOf(subscription, filter)), next, total };
  }
}

function assertFilter(filter: string): void {
  if (isValidFilter(filter)) return;
  throw new ApiError('bad-request', 'This is neither a topic nor a topic filter.', {
    errors: [{ path: 'filter', message: 'must be an MQTT topic or topic filter' }],
  });
}

/** A client id has no control characters. */
function keyOf({ session, filter }: Subscription): string {
  return `${session.clientId}\u0001${filter}`;
}

function subscriberOf(subscription: Subscription, asked: string): TopicSubscriber {
  const { session, filter, share, qos, noLocal, ruleId, exclusions } = subscription;
  return {
    clientId: session.clientId,
    username: session.identity.username,
    online: session.isOnline,
    since: new Date(session.disconnectedAt ?? session.connectedAt).toISOString(),
    filter,
    share,
    qos,
    noLocal,
    ruleId,
    excluded: exclusions?.some((excluded) => filterCovers(excluded, asked)) ?? false,
  };
}
