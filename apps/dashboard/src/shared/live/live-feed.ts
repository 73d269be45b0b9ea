import type { WireMessage } from '@perch/wire';
import type { FeedClosing, FeedRefusal, FeedSource, FeedSubscription } from './feed-source.js';
import { LiveMessage, type LiveBatchHandler } from './live-message.js';
import { initialLiveState, type LiveState, type LiveStatus } from './live-state.js';
import { isPresenceTopic, presenceEventOf } from './presence-event.js';
import { RateMeter } from './rate-meter.js';

/** Changes on screen are gathered this long: four paints a second. */
export const FLUSH_INTERVAL_MS = 250;
/** Without a connection for this long, what is on screen is called stale. */
export const STALE_AFTER_MS = 30_000;
/** Messages held for a hidden or paused tab; beyond it watchers are told to fetch anew. */
export const HELD_LIMIT = 50_000;

/** How to watch a filter. */
export interface WatchOptions {
  /** Also hands over the retained messages that match, first. */
  readonly withRetained?: boolean;
}

/** A watch that has begun. */
export interface LiveWatch {
  /** Resolves when the broker has answered, so that a snapshot asked for after it misses nothing. */
  readonly ready: Promise<void>;
  readonly stop: () => void;
}

interface Watch {
  readonly handler: LiveBatchHandler;
  pending: LiveMessage[];
  complete: boolean;
  /** The broker has answered, or could not be asked: from here on something can be missed. */
  isAnswered: boolean;
}

/**
 * The one live connection of a tab: watchers of a filter get its messages in batches, four times a second while the tab
 * is looked at, in one batch when the tab returns or the pause ends.
 *
 *   connecting ─opened─▶ live ◀─pause/resume─▶ paused
 *                         │ closed                │ closed
 *                         ▼                       ▼
 *                  reconnecting ──30 s──▶ stale ──opened──▶ live
 */
export class LiveFeed {
  private state: LiveState;
  private readonly listeners = new Set<() => void>();
  private readonly closeListeners = new Set<() => void>();
  private readonly watches = new Set<Watch>();
  private readonly refusals = new Map<string, FeedRefusal>();
  private readonly meter = new RateMeter();
  private ticker: ReturnType<typeof setInterval> | null = null;
  private flushTimer: ReturnType<typeof setTimeout> | null = null;
  private isOpen = false;
  private isPaused = false;

  constructor(private readonly source: FeedSource) {
    this.state = initialLiveState(Date.now());
  }

  start(): void {
    document.addEventListener('visibilitychange', this.onVisibility);
    this.ticker = setInterval(() => this.tick(), 1000);
    this.source.start({
      opened: () => this.opened(),
      closed: (closing) => this.closed(closing),
    });
  }

  close(): void {
    document.removeEventListener('visibilitychange', this.onVisibility);
    if (this.ticker) clearInterval(this.ticker);
    if (this.flushTimer) clearTimeout(this.flushTimer);
    this.ticker = null;
    this.flushTimer = null;
    this.isOpen = false;
    this.isPaused = false;
    this.source.close();
    this.change(initialLiveState(Date.now()));
    for (const listener of this.closeListeners) listener();
  }

  /** Calls the listener when the feed is closed for good or for another sign-in: what was learnt from it is over. */
  onClose(listener: () => void): () => void {
    this.closeListeners.add(listener);
    return () => this.closeListeners.delete(listener);
  }

  readonly getState = (): LiveState => this.state;

  readonly onStateChange = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Hands the messages of a filter to the handler, in batches, until stopped. */
  watch(filter: string, handler: LiveBatchHandler, options: WatchOptions = {}): LiveWatch {
    const watch: Watch = { handler, pending: [], complete: true, isAnswered: false };
    this.watches.add(watch);
    this.refusals.delete(filter);
    const subscription = this.source.subscribe({
      filter,
      isRetainedWanted: options.withRetained ?? false,
      onMessages: (messages) => this.take(watch, messages),
      onRefused: (refusal) => this.refuse(filter, refusal),
    });
    const ready = subscription.ready.then(() => {
      watch.isAnswered = true;
    });
    return { ready, stop: () => this.unwatch(watch, subscription) };
  }

  /** Why the broker does not send this filter, or null. */
  refusalOf(filter: string): FeedRefusal | null {
    return this.refusals.get(filter) ?? null;
  }

  /** Holds changes back; the connection stays. */
  readonly pause = (): void => {
    this.isPaused = true;
    this.settle();
  };

  /** Applies what was held in one batch. */
  readonly resume = (): void => {
    this.isPaused = false;
    this.settle();
    this.flush();
  };

  readonly reconnectNow = (): void => this.source.reconnectNow();

  private refuse(filter: string, refusal: FeedRefusal): void {
    this.refusals.set(filter, refusal);
    this.emit();
  }

  private unwatch(watch: Watch, subscription: FeedSubscription): void {
    this.watches.delete(watch);
    subscription.stop();
  }

  private opened(): void {
    this.isOpen = true;
    // What was announced while the connection was away is lost to every watcher: each is told with its next batch.
    for (const watch of this.watches) if (watch.isAnswered) watch.complete = false;
    this.change({ retryAt: null, lastLiveAt: Date.now() });
    this.settle();
    this.scheduleFlush();
  }

  private closed(closing: FeedClosing): void {
    const lastLiveAt = this.isOpen ? Date.now() : this.state.lastLiveAt;
    this.isOpen = false;
    this.change({ retryAt: closing.retryAt, lastLiveAt });
    this.become(closing.retryAt === null ? 'signed-out' : this.disconnectedStatus());
  }

  private take(watch: Watch, messages: readonly WireMessage[]): void {
    this.meter.count(messages.length, Date.now());
    if (watch.pending.length + messages.length > HELD_LIMIT) {
      watch.pending = [];
      watch.complete = false;
    }
    for (const { topic, payload, encoding } of messages) watch.pending.push(new LiveMessage(topic, payload, encoding));
    this.scheduleFlush();
  }

  private scheduleFlush(): void {
    if (this.flushTimer || this.isHolding()) return;
    this.flushTimer = setTimeout(() => {
      this.flushTimer = null;
      // The frame is where the browser paints: applying there costs one layout, not two.
      requestAnimationFrame(() => this.flush());
    }, FLUSH_INTERVAL_MS);
  }

  private flush(): void {
    if (this.isHolding()) return;
    for (const watch of this.watches) {
      if (watch.pending.length === 0 && (watch.complete || !this.isOpen)) continue;
      const batch = { messages: watch.pending, complete: watch.complete };
      watch.pending = [];
      watch.complete = true;
      this.noteSequence(batch.messages);
      watch.handler(batch);
    }
  }

  private noteSequence(messages: readonly LiveMessage[]): void {
    const last = messages[messages.length - 1];
    if (!last || !isPresenceTopic(last.topic)) return;
    const seq = presenceEventOf(last)?.seq;
    if (seq !== undefined && seq !== this.state.lastSeq) this.change({ lastSeq: seq });
  }

  private isHolding(): boolean {
    return this.isPaused || document.visibilityState === 'hidden';
  }

  private readonly onVisibility = (): void => {
    if (!this.isHolding()) this.flush();
  };

  private tick(): void {
    const now = Date.now();
    const ratePerSecond = this.meter.perSecond(now);
    const held = this.isHolding() ? this.heldCount() : 0;
    if (ratePerSecond !== this.state.ratePerSecond || held !== this.state.held) this.change({ ratePerSecond, held });
    if (this.state.status === 'reconnecting') this.become(this.disconnectedStatus());
  }

  private heldCount(): number {
    let held = 0;
    for (const watch of this.watches) held = Math.max(held, watch.pending.length);
    return held;
  }

  private disconnectedStatus(): LiveStatus {
    const { lastLiveAt, since, status } = this.state;
    if (lastLiveAt === null)
      return status === 'connecting' && Date.now() - since < 2000 ? 'connecting' : 'reconnecting';
    return Date.now() - lastLiveAt >= STALE_AFTER_MS ? 'stale' : 'reconnecting';
  }

  private settle(): void {
    if (this.isOpen) this.become(this.isPaused ? 'paused' : 'live');
  }

  private become(status: LiveStatus): void {
    if (status !== this.state.status) this.change({ status, since: Date.now() });
  }

  private change(patch: Partial<LiveState>): void {
    this.state = { ...this.state, ...patch };
    this.emit();
  }

  private emit(): void {
    for (const listener of this.listeners) listener();
  }
}
