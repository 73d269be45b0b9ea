import type { SessionStore } from '../ports/session-store.js';

/** How a store is opened for the contract: `open` twice in one test means the same data, as after a restart. */
export interface SessionStoreFixture {
  /** A store that has been loaded. */
  readonly open: () => Promise<SessionStore>;
  /** How many messages are kept; one that several sessions are owed counts once. */
  readonly messageCount: () => Promise<number>;
  /** Empties what the store kept. Called after each test. */
  readonly wipe: () => Promise<void>;
}

/** What the parts of the contract are given. */
export interface SessionStoreContext extends SessionStoreFixture {
  /** The store as it is after a restart. */
  readonly reopen: (store: SessionStore) => Promise<SessionStore>;
  /** A store that holds `aStoredSession()` and nothing else. */
  readonly withSession: () => Promise<SessionStore>;
}
