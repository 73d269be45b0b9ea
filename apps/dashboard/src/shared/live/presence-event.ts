import type { LiveMessage } from './live-message.js';

/** The filter under which the broker announces every connect and disconnect. */
export const PRESENCE_FILTER = '$SYS/broker/connection/clients/+';

const PRESENCE_PREFIX = '$SYS/broker/connection/clients/';

/** One connect or disconnect, as the broker announced it. */
export interface PresenceEvent {
  readonly clientId: string;
  readonly online: boolean;
  /** A session serves it, or is kept for it while it is away. */
  readonly hasSession: boolean;
  /** Milliseconds since 1970: when the client came or went. */
  readonly since: number;
  /** Rises by one per event, so a watcher sees that it missed none. */
  readonly seq: number;
  readonly username: string | null;
  readonly address: string | null;
  readonly protocol: string;
  readonly node: string;
  readonly reason: string | null;
  /** How long the connection had lasted; null while online. */
  readonly connectedForMs: number | null;
}

/** The session of a client that had gone before has ended: it did not go again. */
export function isSessionEnd(message: LiveMessage): boolean {
  const body = message.json();
  return isRecord(body) && typeof body['sessionEndedAt'] === 'string';
}

/** True when the topic is a client's presence topic. */
export function isPresenceTopic(topic: string): boolean {
  return topic.startsWith(PRESENCE_PREFIX);
}

/** Reads a presence announcement; null when the message is none. */
export function presenceEventOf(message: LiveMessage): PresenceEvent | null {
  if (!isPresenceTopic(message.topic)) return null;
  const body = message.json();
  if (!isRecord(body) || typeof body['clientID'] !== 'string' || typeof body['seq'] !== 'number') return null;
  return {
    clientId: body['clientID'],
    online: body['online'] === true,
    hasSession: body['online'] === true || body['session'] === true,
    since: Date.parse(textOr(body['timestamp'], '')) || 0,
    seq: body['seq'],
    username: textOr(body['username'], null),
    address: textOr(body['address'], null),
    protocol: textOr(body['protocol'], ''),
    node: textOr(body['node'], ''),
    reason: textOr(body['reason'], null),
    connectedForMs: typeof body['durationMs'] === 'number' ? body['durationMs'] : null,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function textOr<T extends string | null>(value: unknown, fallback: T): string | T {
  return typeof value === 'string' ? value : fallback;
}
