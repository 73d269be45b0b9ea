import { connect, type ConnectionState, type PerchClient, type PerchError } from '@perch/client';
import type { FeedEvents, FeedRequest, FeedSource, FeedSubscription } from './feed-source.js';
import { LiveFeed } from './live-feed.js';

/** Errors of the connection itself: nobody refused anything, the filter is asked for again when it is back. */
const transientCodes = new Set(['connection-lost', 'closed', 'timeout', 'queue-full', 'unavailable']);

/** The live feed of this tab, signed in by the operator's cookie. */
export function createLiveFeed(url = liveUrl()): LiveFeed {
  return new LiveFeed(new PerchSource(url));
}

function liveUrl(): string {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  return `${scheme}//${location.host}/ws`;
}

/** The feed's connection through the product's own client library. */
export class PerchSource implements FeedSource {
  private readonly client: PerchClient;
  private stopListening: (() => void) | null = null;
  private wasOpen = false;

  constructor(url: string) {
    this.client = connect(url);
  }

  start(events: FeedEvents): void {
    const tell = (state: ConnectionState) => this.tell(state, events);
    this.stopListening = this.client.onState(tell);
    // A source that was closed begins again, so that a shell may be mounted twice.
    if (this.client.state.status === 'closed') this.client.reconnect();
    tell(this.client.state);
  }

  subscribe(request: FeedRequest): FeedSubscription {
    const refused = ({ code, message }: PerchError) => {
      if (!transientCodes.has(code)) request.onRefused({ code, message });
    };
    const subscription = this.client.subscribeBatches(request.filter, (messages) => request.onMessages(messages), {
      retainHandling: request.isRetainedWanted ? 0 : 2,
      onEnded: refused,
    });
    // The refusal itself reaches `onEnded`; here only the moment of the answer matters.
    const ready = subscription.ready.catch(() => undefined);
    return { ready, stop: () => subscription.unsubscribe() };
  }

  reconnectNow(): void {
    this.client.reconnect();
  }

  close(): void {
    this.stopListening?.();
    this.stopListening = null;
    this.wasOpen = false;
    this.client.close();
  }

  private tell(state: ConnectionState, events: FeedEvents): void {
    if (state.status === 'open') {
      if (!this.wasOpen) events.opened();
    } else if (state.status === 'reconnecting' || state.status === 'closed') {
      events.closed({ retryAt: state.status === 'closed' ? null : (state.nextTryAt ?? Date.now()) });
    }
    this.wasOpen = state.status === 'open';
  }
}
