import type { Broker, Message, Subscription } from '@perch/broker';
import { filterMatches, filtersOverlap } from '@perch/policy';
import type { BridgeAction, BridgeSettings } from '../../config/bridge.schema.js';
import { type Happening, publishEvent, sessionEvent } from './bridge-event.js';

type Wanted = Pick<BridgeSettings, 'events' | 'topics' | 'payloadBytes'>;

/** Tells of what happens in the broker, as far as it is wanted. Costs a message nothing where no publishes are. */
export function listenTo(broker: Broker, wanted: Wanted, tell: (event: Happening) => void): () => void {
  observe(broker, wanted, tell);
  const stops = wanted.events.includes('publish') ? watchPublishes(broker, wanted, tell) : [];
  return () => stops.forEach((stop) => stop());
}

function observe(broker: Broker, { events, topics }: Wanted, tell: (event: Happening) => void): void {
  const wants = (action: BridgeAction) => events.includes(action);
  const tellOf = (action: 'subscribe' | 'unsubscribe', { session, filter, topicFilter }: Subscription) => {
    // An operator who looks on is no client.
    if (!session.options.isClient || !topics.some((each) => filtersOverlap(each, topicFilter))) return;
    tell(sessionEvent(action, session, { topic: filter }));
  };
  broker.observe({
    ...(wants('connect') && { opened: (session) => tell(sessionEvent('connect', session)) }),
    ...(wants('disconnect') && { closed: (session, reason) => tell(sessionEvent('disconnect', session, { reason })) }),
    ...(wants('subscribe') && { subscribed: (subscription) => tellOf('subscribe', subscription) }),
    ...(wants('unsubscribe') && { unsubscribed: (subscription) => tellOf('unsubscribe', subscription) }),
  });
}

function watchPublishes(broker: Broker, { topics, payloadBytes }: Wanted, tell: (event: Happening) => void) {
  return topics.map((filter, index) => {
    const others = topics.slice(0, index).filter((earlier) => filtersOverlap(earlier, filter));
    return broker.watch(filter, (message: Message) => {
      // Another of its filters has told of it.
      if (others.some((earlier) => filterMatches(earlier, message.topic))) return;
      const username = broker.sessions.get(message.publisher)?.identity.username ?? null;
      tell(publishEvent(message, username, payloadBytes));
    });
  });
}
