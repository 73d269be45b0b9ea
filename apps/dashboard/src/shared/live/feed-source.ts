import type { WireMessage } from '@perch/wire';

/** Why a filter was not granted, in words for a person. */
export interface FeedRefusal {
  readonly code: string;
  readonly message: string;
}

/** How a connection ended. */
export interface FeedClosing {
  /** When the next attempt is made, or null when coming back cannot help (signed out). */
  readonly retryAt: number | null;
}

/** What a connection tells the feed. */
export interface FeedEvents {
  opened(): void;
  closed(closing: FeedClosing): void;
  messages(messages: readonly WireMessage[]): void;
}

/** The connection under the feed: it reconnects by itself and asks again for every filter it holds. */
export interface FeedSource {
  start(events: FeedEvents): void;
  /** Resolves once the broker has answered; null when granted. */
  subscribe(filter: string): Promise<FeedRefusal | null>;
  unsubscribe(filter: string): void;
  /** Tries to connect now instead of at `retryAt`. */
  reconnectNow(): void;
  close(): void;
}
