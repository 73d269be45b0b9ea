import type { PresenceEvent } from '../../../shared/live/presence-event.js';
import type { PresenceFacts } from '../presence-row.js';

const START = Date.parse('2026-01-01T00:00:00Z');

/** One client of a snapshot; only what the test is about needs saying. */
export function someFacts(facts: Partial<PresenceFacts> = {}): PresenceFacts {
  return {
    clientId: 'dev-1',
    online: true,
    since: START,
    username: null,
    address: '127.0.0.1',
    protocol: 'mqtt5',
    node: 'perch-1',
    reason: null,
    connectedForMs: null,
    hasSession: true,
    ...facts,
  };
}

/** One live event; only what the test is about needs saying. */
export function anEvent(event: Partial<PresenceEvent> = {}): PresenceEvent {
  const seq = event.seq ?? 1;
  return { ...someFacts(), since: START + seq * 1000, ...event, seq };
}

/** The event as it travels. */
export function wirePayload(event: PresenceEvent): string {
  return JSON.stringify({
    clientID: event.clientId,
    online: event.online,
    timestamp: new Date(event.since).toISOString(),
    seq: event.seq,
    session: event.online ? undefined : event.hasSession,
    username: event.username ?? undefined,
    reason: event.reason ?? undefined,
    protocol: event.protocol,
    address: event.address ?? undefined,
    node: event.node,
    durationMs: event.connectedForMs ?? undefined,
  });
}
