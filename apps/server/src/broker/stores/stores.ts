import type { PostgresPresenceStore } from './postgres-presence-store.js';
import type { PostgresRetainedStore } from './postgres-retained-store.js';
import type { PostgresSessionStore } from './postgres-session-store.js';

/** Where the broker of this process keeps what outlives it. */
export class Stores {
  constructor(
    readonly retained: PostgresRetainedStore,
    readonly sessions: PostgresSessionStore,
    readonly presence: PostgresPresenceStore,
  ) {}
}
