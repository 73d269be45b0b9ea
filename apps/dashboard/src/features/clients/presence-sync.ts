import type { LiveBatch } from '../../shared/live/live-message.js';
import { PRESENCE_FILTER, presenceEventOf, type PresenceEvent } from '../../shared/live/presence-event.js';
import { ApiError } from '../../shared/api/api-error.js';
import { reportError } from '../../shared/report-error.js';
import type { PresenceFacts } from './presence-row.js';
import type { PresenceCounts, PresenceStore } from './presence-store.js';

/** At least this long between two snapshots, so that a broken feed does not become a flood of requests. */
const REFETCH_PAUSE_MS = 2000;

/** After a snapshot that failed, it is tried again by itself. */
const RETRY_PAUSE_MS = 10_000;

/** So long the first snapshot waits for the live feed. */
const FEED_PATIENCE_MS = 1500;

/** One page of clients. `seq` was read before the items were, so no later event is missing from both. */
export interface PresencePage {
  readonly items: readonly PresenceFacts[];
  readonly next: string | null;
  readonly seq: number;
  readonly online: number;
  readonly offline: number;
  readonly gone: number;
}

/** Fetches one page; rejects when it cannot. */
export type FetchPage = (after: string | null, signal: AbortSignal) => Promise<PresencePage>;

/** What the sync needs of the live feed. */
export interface PresenceFeed {
  watch(filter: string, handler: (batch: LiveBatch) => void): { ready: Promise<void>; stop: () => void };
}

/** How far the picture is complete. */
export interface SyncState {
  readonly phase: 'loading' | 'ready' | 'refreshing' | 'failed';
  readonly error: unknown;
  /** What the server counts; shown while rows are still on their way. */
  readonly totals: PresenceCounts | null;
}

/** Keeps a store true: a snapshot over REST, then every event of the live feed, and a new snapshot when one is missing. */
export class PresenceSync {
  private state: SyncState = { phase: 'loading', error: null, totals: null };
  private readonly listeners = new Set<() => void>();
  private lastSeq: number | null = null;
  private waiting: PresenceEvent[] = [];
  private stopWatching: (() => void) | null = null;
  private request: AbortController | null = null;
  private refetchTimer: ReturnType<typeof setTimeout> | null = null;
  private fetchedAt = 0;
  private missedSome = false;

  constructor(
    private readonly store: PresenceStore,
    private readonly feed: PresenceFeed,
    private readonly fetchPage: FetchPage,
  ) {}

  start(): void {
    const { ready, stop } = this.feed.watch(PRESENCE_FILTER, (batch) => this.take(batch));
    this.stopWatching = stop;
    // Only after the broker has answered the subscription is no event between snapshot and feed lost. A feed that does not
    // come up must not keep the list away: the snapshot alone is better than nothing.
    const begin = () => {
      if (this.stopWatching === stop) this.refetch();
    };
    const patience = setTimeout(begin, FEED_PATIENCE_MS);
    ready
      .then(() => {
        // Also after the patience ended: what was announced between that snapshot and the subscription is in neither.
        clearTimeout(patience);
        begin();
      })
      .catch(reportError);
  }

  stop(): void {
    this.stopWatching?.();
    this.stopWatching = null;
    this.request?.abort();
    this.request = null;
    if (this.refetchTimer) clearTimeout(this.refetchTimer);
    this.refetchTimer = null;
  }

  readonly getState = (): SyncState => this.state;

  readonly onChange = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Fetches the whole picture anew. */
  readonly refetch = (): void => {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    // What was announced before the request is in its answer; what is announced from now on waits for its first page.
    this.lastSeq = null;
    this.waiting = [];
    this.fetchedAt = Date.now();
    this.become({ ...this.state, phase: this.store.rows.size > 0 ? 'refreshing' : 'loading', error: null });
    this.load(request.signal).then(
      () => this.ended(request, null),
      (error: unknown) => this.ended(request, error),
    );
  };

  private async load(signal: AbortSignal): Promise<void> {
    this.store.beginSnapshot();
    let after: string | null = null;
    do {
      const page: PresencePage = await this.fetchPage(after, signal);
      if (signal.aborted) return;
      for (const item of page.items) this.store.applySnapshot(item, page.seq);
      if (after === null) this.catchUp(page.seq);
      this.store.commit();
      this.become({ ...this.state, totals: { online: page.online, offline: page.offline, gone: page.gone } });
      after = page.next;
    } while (after !== null);
    this.store.endSnapshot();
    this.store.commit();
  }

  private ended(request: AbortController, error: unknown): void {
    if (this.request !== request) return;
    this.request = null;
    this.become({ ...this.state, phase: error ? 'failed' : 'ready', error });
    if (error) this.waiting = [];
    if (error ? mayHeal(error) : this.missedSome) this.scheduleRefetch(error ? RETRY_PAUSE_MS : REFETCH_PAUSE_MS);
  }

  private catchUp(seq: number): void {
    this.lastSeq = seq;
    this.missedSome = false;
    const waiting = this.waiting;
    this.waiting = [];
    for (const event of waiting) this.applyInOrder(event, performance.now());
  }

  private take(batch: LiveBatch): void {
    const now = performance.now();
    for (const message of batch.messages) {
      const event = presenceEventOf(message);
      if (event) this.applyInOrder(event, now);
    }
    this.store.commit();
    const isGap = this.missedSome || (!batch.complete && this.state.phase !== 'loading');
    if (isGap && !this.request) this.scheduleRefetch();
  }

  private applyInOrder(event: PresenceEvent, now: number): void {
    if (this.lastSeq === null) {
      if (this.request) this.waiting.push(event);
      return;
    }
    if (event.seq <= this.lastSeq) return;
    if (event.seq > this.lastSeq + 1) this.missedSome = true;
    this.lastSeq = event.seq;
    this.store.applyEvent(event, now);
  }

  private scheduleRefetch(pauseMs = REFETCH_PAUSE_MS): void {
    if (this.refetchTimer) clearTimeout(this.refetchTimer);
    const wait = Math.max(0, this.fetchedAt + pauseMs - Date.now());
    this.refetchTimer = setTimeout(() => {
      this.refetchTimer = null;
      this.refetch();
    }, wait);
  }

  private become(state: SyncState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}

/** A refusal stays a refusal; everything else may be over in a moment. */
function mayHeal(error: unknown): boolean {
  return !(error instanceof ApiError) || error.isUnreachable || error.status >= 500;
}
