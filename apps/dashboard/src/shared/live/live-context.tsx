import { createContext, useContext, useEffect, useRef, useSyncExternalStore, type ReactNode } from 'react';
import type { FeedRefusal } from './feed-source.js';
import type { LiveFeed, WatchOptions } from './live-feed.js';
import type { LiveBatchHandler } from './live-message.js';
import type { LiveState } from './live-state.js';

const LiveContext = createContext<LiveFeed | null>(null);

/** Gives one live feed to everything below, started while mounted. Put it inside the signed-in shell, once per tab. */
export function LiveProvider({ feed, children }: { feed: LiveFeed; children: ReactNode }) {
  useEffect(() => {
    feed.start();
    return () => feed.close();
  }, [feed]);
  return <LiveContext value={feed}>{children}</LiveContext>;
}

/** The tab's live feed. */
export function useLiveFeed(): LiveFeed {
  const feed = useContext(LiveContext);
  if (!feed) throw new Error('useLiveFeed needs a LiveProvider above it');
  return feed;
}

/** How current the live data is: status, rate, last sequence number. */
export function useLiveState(): LiveState {
  const feed = useLiveFeed();
  return useSyncExternalStore(feed.onStateChange, feed.getState);
}

/** Why the broker does not send this filter to this operator, or null. */
export function useLiveRefusal(filter: string): FeedRefusal | null {
  const feed = useLiveFeed();
  return useSyncExternalStore(feed.onStateChange, () => feed.refusalOf(filter));
}

/** Calls `onBatch` with the messages of a filter, at most four times a second and only while the tab is looked at. */
export function useLiveTopic(
  filter: string,
  onBatch: LiveBatchHandler,
  { withRetained = false }: WatchOptions = {},
): void {
  const feed = useLiveFeed();
  const latest = useRef(onBatch);
  useEffect(() => {
    latest.current = onBatch;
  });
  useEffect(
    () => feed.watch(filter, (batch) => latest.current(batch), { withRetained }).stop,
    [feed, filter, withRetained],
  );
}
