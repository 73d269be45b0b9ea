import { useEffect } from 'react';
import { useLiveFeed } from '../../shared/live/live-context.js';
import type { LiveFeed } from '../../shared/live/live-feed.js';
import { PresenceStore } from './presence-store.js';
import { PresenceSync } from './presence-sync.js';
import { fetchPresencePage } from './queries.js';

/** After the last page that showed presence is left, it is kept current this long for the way back. */
const LINGER_MS = 30_000;

/** The tab's copy of who is online: kept true while somebody looks. */
export class PresenceMirror {
  readonly store = new PresenceStore();
  readonly sync: PresenceSync;
  private holders = 0;
  private isRunning = false;
  private leaving: ReturnType<typeof setTimeout> | null = null;

  constructor(feed: LiveFeed) {
    this.sync = new PresenceSync(this.store, feed, fetchPresencePage);
  }

  /** Keeps the copy current until the returned function is called. */
  hold(): () => void {
    this.holders += 1;
    if (this.leaving) clearTimeout(this.leaving);
    this.leaving = null;
    if (!this.isRunning) this.sync.start();
    this.isRunning = true;
    return () => this.release();
  }

  /** Stops being current. */
  end(): void {
    if (this.leaving) clearTimeout(this.leaving);
    this.leaving = null;
    this.isRunning = false;
    this.sync.stop();
  }

  private release(): void {
    this.holders -= 1;
    if (this.holders > 0) return;
    this.leaving = setTimeout(() => this.end(), LINGER_MS);
  }
}

const mirrors = new WeakMap<LiveFeed, PresenceMirror>();

/** The one copy of presence of this tab's live feed, kept current while the component is mounted. */
export function usePresenceMirror(): PresenceMirror {
  const feed = useLiveFeed();
  const mirror = mirrorOf(feed);
  useEffect(() => mirror.hold(), [mirror]);
  return mirror;
}

function mirrorOf(feed: LiveFeed): PresenceMirror {
  const known = mirrors.get(feed);
  if (known) return known;
  const mirror = new PresenceMirror(feed);
  mirrors.set(feed, mirror);
  // The next sign-in in this tab may be somebody else's: nothing of this one is shown to them.
  const forget = feed.onClose(() => {
    forget();
    mirrors.delete(feed);
    mirror.end();
  });
  return mirror;
}
