import type { PresenceEvent } from '../../shared/live/presence-event.js';

/** What is known of one client; mutable, changed in place by the store only. */
export interface PresenceRow {
  readonly clientId: string;
  online: boolean;
  /** A session serves it, or is kept for it while it is away. */
  hasSession: boolean;
  since: number;
  username: string | null;
  address: string | null;
  protocol: string;
  node: string;
  reason: string | null;
  connectedForMs: number | null;
  /** What was last written is that it came or went; otherwise something else of it changed. */
  hasTurned: boolean;
  /** Rises with every visible change: what a painted row compares. */
  version: number;
  /** When the row last changed live (performance clock), at most once a second; 0 for never. */
  tintedAt: number;
  /** Lower-case text that the search looks into. */
  haystack: string;
  /** The sequence number of the event that last wrote the row in this epoch, or 0 when a snapshot did. */
  eventSeq: number;
  /** The snapshot the row was last confirmed by. */
  epoch: number;
}

/** One client as a snapshot or an event tells of it. */
export type PresenceFacts = Omit<PresenceEvent, 'seq'>;

/** The states of a client: connected, away with a session to come back to, and away without one. */
export const clientStates = ['online', 'offline', 'gone'] as const;

export type ClientState = (typeof clientStates)[number];

/** The state that a client is in. */
export function stateOf({ online, hasSession }: Pick<PresenceRow, 'online' | 'hasSession'>): ClientState {
  if (online) return 'online';
  return hasSession ? 'offline' : 'gone';
}

/** A row that nothing is known of yet. */
export function blankRow(clientId: string): PresenceRow {
  return {
    clientId,
    online: false,
    hasSession: false,
    since: 0,
    username: null,
    address: null,
    protocol: '',
    node: '',
    reason: null,
    connectedForMs: null,
    hasTurned: false,
    version: 0,
    tintedAt: 0,
    haystack: '',
    eventSeq: 0,
    epoch: 0,
  };
}

/** Writes the facts into the row. */
export function writeFacts(row: PresenceRow, facts: PresenceFacts): void {
  const isSameText = row.version > 0 && row.username === facts.username && row.address === facts.address;
  row.hasTurned = row.online !== facts.online || row.since !== facts.since;
  row.online = facts.online;
  row.hasSession = facts.hasSession;
  row.since = facts.since;
  row.username = facts.username;
  row.address = facts.address;
  row.protocol = facts.protocol;
  row.node = facts.node;
  row.reason = facts.reason;
  row.connectedForMs = facts.connectedForMs;
  row.version += 1;
  if (!isSameText) row.haystack = `${row.clientId}\n${row.username ?? ''}\n${row.address ?? ''}`.toLowerCase();
}

/** True when both tell the same, so that nothing needs painting. */
export function hasSameFacts(row: PresenceRow, facts: PresenceFacts): boolean {
  return (
    row.version > 0 &&
    row.online === facts.online &&
    row.hasSession === facts.hasSession &&
    row.since === facts.since &&
    row.username === facts.username &&
    row.address === facts.address &&
    row.protocol === facts.protocol &&
    row.reason === facts.reason &&
    row.connectedForMs === facts.connectedForMs
  );
}
