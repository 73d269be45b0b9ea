import type { Clock, StopTimer } from './ports/clock.js';

/** Something that must be heard from. */
export interface Watched {
  /** When bytes last came, by the clock's `uptime`. */
  readonly lastReceivedAt: number;
  readonly isClosed: boolean;
  /** Nothing came for too long. */
  expired(): void;
}

interface Watch {
  readonly watched: Watched;
  readonly limitMs: number;
}

const TICK_MS = 1000;
/** A link is looked at this often even if it is not due: one that has closed must not be held for a day. */
const LOOK_MS = 15_000;

/** One timer for all links: each is looked at only when it may be due. Late by a second at most. */
export class KeepAlive {
  private readonly buckets = new Map<number, Watch[]>();
  private lastTick: number;
  private watches = 0;
  private readonly stopTimer: StopTimer;

  constructor(private readonly clock: Clock) {
    this.lastTick = tickOf(clock.uptime());
    this.stopTimer = clock.every(TICK_MS, () => this.tick());
  }

  /** How many links it holds. */
  get size(): number {
    return this.watches;
  }

  /** Calls `expired` when nothing came for `limitMs`, once. */
  watch(watched: Watched, limitMs: number): void {
    this.place({ watched, limitMs });
  }

  stop(): void {
    this.stopTimer();
    this.buckets.clear();
    this.watches = 0;
  }

  private place(watch: Watch): void {
    const lookAt = Math.min(watch.watched.lastReceivedAt + watch.limitMs, this.clock.uptime() + LOOK_MS);
    const due = Math.max(tickOf(lookAt), this.lastTick) + 1;
    this.watches++;
    const bucket = this.buckets.get(due);
    if (bucket) bucket.push(watch);
    else this.buckets.set(due, [watch]);
  }

  private tick(): void {
    const now = this.clock.uptime();
    const current = tickOf(now);
    while (this.lastTick < current) {
      this.lastTick++;
      const bucket = this.buckets.get(this.lastTick);
      if (!bucket) continue;
      this.buckets.delete(this.lastTick);
      for (const watch of bucket) this.check(watch, now);
    }
  }

  private check(watch: Watch, now: number): void {
    const { watched, limitMs } = watch;
    this.watches--;
    if (watched.isClosed) return;
    if (now - watched.lastReceivedAt >= limitMs) watched.expired();
    else this.place(watch);
  }
}

function tickOf(ms: number): number {
  return Math.floor(ms / TICK_MS);
}
