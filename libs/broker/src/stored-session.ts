import type { StoredSession, StoredSubscription } from './ports/session-store.js';
import type { DurableDeliveries } from './durable-deliveries.js';
import type { Session } from './session.js';
import type { Subscription } from './subscription.js';

/** What is kept of a durable session. */
export function storedSession(session: Session): StoredSession {
  const { id, sentSeq } = session.durable as DurableDeliveries;
  const { identity, authenticator, own, protocol, willDelayInterval } = session.options;
  return {
    id,
    clientId: session.clientId,
    username: identity.username,
    authenticator,
    address: identity.address,
    labels: identity.labels ?? [],
    own,
    protocol,
    createdAt: session.createdAt,
    sessionExpiryInterval: session.sessionExpiryInterval,
    disconnectedAt: session.disconnectedAt,
    sentSeq,
    will: session.will && { message: session.will, delayInterval: willDelayInterval },
  };
}

/** What is kept of a subscription. */
export function storedSubscription(subscription: Subscription): StoredSubscription {
  const { filter, qos, noLocal, retainAsPublished, variant } = subscription;
  return { filter, qos, noLocal, retainAsPublished, identifiers: variant?.subscriptionIdentifiers ?? null };
}
