import type { Session } from '@perch/broker';
import type { ClientLoad } from './client.schemas.js';

/** What a session has on its hands: all of it is counted already, message by message or not at all. */
export function shownLoad(session: Session): ClientLoad {
  return {
    clientId: session.clientId,
    connectedAt: session.isOnline ? new Date(session.connectedAt).toISOString() : null,
    subscriptions: session.subscriptions.size,
    inFlight: session.inFlightCount,
    queued: session.queuedCount,
    messagesIn: session.messagesIn,
    messagesOut: session.messagesOut,
  };
}
