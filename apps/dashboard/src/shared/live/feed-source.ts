import type { WireMessage } from '@perch/wire';

/** Why a filter was not granted, in words for a person. */
export interface FeedRefusal {
  readonly code: string;
  readonly message: string;
}

/** How a connection ended. */
export interface FeedClosing {
  /** When the next attempt is made; null when coming back cannot help (signed out). */
  readonly retryAt: number | null;
}

/** What a connection tells the feed. */
export interface FeedEvents {
  opened(): void;
  closed(closing: FeedClosing): void;
}

/** What is wanted of one filter. */
export interface FeedRequest {
  readonly filter: string;
  /** Whether retained messages are wanted first. */
  readonly isRetainedWanted: boolean;
  onMessages(messages: readonly WireMessage[]): void;
  onRefused(refusal: FeedRefusal): void;
}

/** A filter asked for; it is asked for again after each reconnect. */
export interface FeedSubscription {
  /** Resolves once the broker has answered, with yes or no, or could not be asked. */
  readonly ready: Promise<void>;
  stop(): void;
}

/** The connection under the feed, which reconnects by itself. */
export interface FeedSource {
  start(events: FeedEvents): void;
  subscribe(request: FeedRequest): FeedSubscription;
  /** Tries to connect now instead of at `retryAt`. */
  reconnectNow(): void;
  close(): void;
}
