import type { Limits, Session } from '@perch/broker';
import { ruleDoc } from '../policy/policy-doc.js';
import { subscriptionOf } from '../sessions/subscription-of.js';
import type { ClientDetail } from './client.schemas.js';

/** The session of a client that is connected, as it is told. */
export function shownSession(session: Session, limits: Limits): NonNullable<ClientDetail['session']> {
  const { traffic, will, peer } = session;
  const { own } = session.options;
  return {
    keepAliveSeconds: session.options.keepAlive,
    cleanStart: session.options.cleanStart,
    port: session.options.port,
    listener: peer?.terms.name || null,
    certificateName: peer?.link.certificateName ?? null,
    connectedAt: new Date(session.connectedAt).toISOString(),
    inFlight: session.inFlightCount,
    inFlightMax: Math.min(peer?.receiveMaximum ?? Infinity, limits.inFlightPerSession),
    queued: session.queuedCount,
    queuedMax: limits.queuePerSession,
    awaitingRelease: session.packetIds?.size ?? 0,
    dropped: session.dropped,
    messagesIn: session.messagesIn,
    messagesOut: session.messagesOut,
    bytesIn: traffic?.bytesIn ?? null,
    bytesOut: traffic?.bytesOut ?? null,
    recentTopics: [...session.recentTopics()],
    labels: [...(session.identity.labels ?? [])],
    own: own && { place: own.place, rules: own.rules.map(ruleDoc) },
    will: will && { topic: will.topic, qos: will.qos, retain: will.retain },
    subscriptions: [...session.subscriptions.values()].map((subscription) => ({
      ...subscriptionOf(subscription),
      exclusions: [...(subscription.exclusions ?? [])],
    })),
  };
}
