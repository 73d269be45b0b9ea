import type { IncomingMessage } from 'node:http';
import type { WebSocketPeer } from '@perch/broker';
import { arrivalOf } from './listeners/arrivals.js';
import { clientOf } from './listeners/client-of.js';

/** Who is behind an upgrade to WebSocket. */
export function webSocketPeer(request: IncomingMessage): WebSocketPeer {
  const { address, port, isSecure } = clientOf(request);
  return { address, port, isSecure, certificateName: arrivalOf(request.socket).certificateName };
}
