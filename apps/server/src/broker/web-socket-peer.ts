import type { IncomingMessage } from 'node:http';
import type { WebSocketPeer } from '@perch/broker';
import { arrivalOf } from './listeners/arrivals.js';
import { clientOf } from './listeners/client-of.js';

/** Who is behind an upgrade to WebSocket. */
export function webSocketPeer(request: IncomingMessage): WebSocketPeer {
  return { ...clientOf(request), certificateName: arrivalOf(request.socket).certificateName };
}
