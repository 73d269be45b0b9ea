import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { PresenceStore } from './presence-store.js';
import { type PresenceQuery, PresenceView, type Ranks, type ViewSnapshot } from './presence-view.js';

/** While nobody touches the list, this many changes may settle by themselves; more wait for the reader. */
const QUIET_CHANGES = 25;
/** With the pause in which the feed gathers events, a client that comes is in the list well within a second. */
const SETTLE_INTERVAL_MS = 400;

interface ViewOptions {
  /** Somebody points at, works in or has scrolled the list: nothing may move. */
  readonly isEngaged: boolean;
  /** The list is still being filled: rows appear as they come. */
  readonly isFilling: boolean;
  /** By what is sorted where presence does not know it. */
  readonly ranks: Ranks | null;
}

/** The filtered and sorted list, and the way to put waiting rows where they belong. */
export function usePresenceView(
  store: PresenceStore,
  query: PresenceQuery,
  options: ViewOptions,
): ViewSnapshot & { applyPending: () => void } {
  const [view] = useState(() => new PresenceView(store, query));
  useEffect(() => view.open(), [view]);
  const { ranks } = options;
  // Before the query: a new order begins with what is known of it.
  useLayoutEffect(() => view.setRanks(ranks), [view, ranks]);
  const { text, state, protocol, username, address, reason, sinceFrom, sinceTo, among, sort, isDescending } = query;
  useLayoutEffect(() => {
    view.setQuery({ text, state, protocol, username, address, reason, sinceFrom, sinceTo, among, sort, isDescending });
  }, [view, text, state, protocol, username, address, reason, sinceFrom, sinceTo, among, sort, isDescending]);
  const snapshot = useSyncExternalStore(view.onChange, view.getSnapshot);
  useSettling(view, snapshot, options);
  return { ...snapshot, applyPending: view.applyPending };
}

function useSettling(
  view: PresenceView,
  { rows, pending }: ViewSnapshot,
  { isEngaged, isFilling, ranks }: ViewOptions,
): void {
  const settledAt = useRef(0);
  useEffect(() => {
    // What the last page brought belongs to the first picture, not to what happened since.
    if (!isFilling) view.applyPending();
  }, [view, isFilling]);
  const waiting = pending.added + pending.moved + pending.left;
  // In an empty list there is nothing that could move away under anybody.
  const isFree = isFilling || rows.length === 0;
  // What is counted changes everywhere all the time.
  const isQuiet = waiting <= QUIET_CHANGES || ranks !== null;
  const maySettle = waiting > 0 && (isFree || (!isEngaged && isQuiet));
  useEffect(() => {
    if (!maySettle) return;
    const wait = isFilling ? 0 : Math.max(0, settledAt.current + SETTLE_INTERVAL_MS - performance.now());
    const timer = setTimeout(() => {
      settledAt.current = performance.now();
      view.applyPending();
    }, wait);
    return () => clearTimeout(timer);
  }, [view, maySettle, isFilling]);
}
