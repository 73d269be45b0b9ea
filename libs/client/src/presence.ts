import { callSafely } from './call-safely.js';
import { payloadText } from './payload.js';
import type { PerchClient } from './perch-client.js';
import type { SubscribeOptions, Subscription } from './subscription.js';

/** Who is online, or has gone. */
export interface Presence {
  readonly clientID: string;
  readonly online: boolean;
  /** Since when: ISO 8601, to the second. */
  readonly timestamp: string;
  /** Rises by one with each event of a node: whoever watches all clients sees a gap. */
  readonly seq: number;
  readonly username?: string;
  readonly authenticator?: string;
  readonly protocol: string;
  readonly address?: string;
  readonly node: string;
  /** Once it has gone: the broker keeps its session, for it to come back to. */
  readonly session?: boolean;
  /** That session has ended now, ISO 8601; only on the event that tells so. */
  readonly sessionEndedAt?: string;
  /** Why it went; absent while it is online. */
  readonly reason?: string;
  /** How long it had been connected, when it went. */
  readonly durationMs?: number;
}

/** Whom to watch. */
export interface PresenceOptions extends Pick<SubscribeOptions, 'onReady' | 'onEnded'> {
  /** One client; left out, all of them. */
  readonly clientId?: string;
}

const PREFIX = '$SYS/broker/connection/clients/';

/** Tells of clients as they are now, and of each change after that, as far as the policy lets this client read it. */
export function watchPresence(
  client: PerchClient,
  onChange: (presence: Presence) => void,
  { clientId, ...options }: PresenceOptions = {},
): Subscription {
  // As the broker names the topic: what cannot stand in a level is percent-encoded.
  const level = clientId === undefined ? '+' : clientId.replace(/[%/+#]/g, encodeURIComponent);
  return client.subscribe(
    PREFIX + level,
    (message) => callSafely(onChange, JSON.parse(payloadText(message)) as Presence),
    options,
  );
}
