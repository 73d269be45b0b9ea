import type { Clock, StopTimer } from './ports/clock.js';

/** Something that must be heard from. */
export interface Watched {
  /** When, at the latest, by the clock's `uptime`; infinite for never. */
  readonly dueAt: number;
  readonly isClosed: boolean;
  /** The tick at which it is looked at; for the keep-alive alone to change, 0 at first. */
  lookTick: number;
  /** It was not heard from. */
  expired(): void;
}

const TICK_MS = 1000;
/** A link is looked at this often even if it is not due: one that has closed must not be held for a day. */
const LOOK_MS = 15_000;

/** One timer for all links: each is looked at only when it may be due. Late by a second at most. */
export class KeepAlive {
  private readonly buckets = new Map<number, Watched[]>();
  private lastTick: number;
  private watches = 0;
  private readonly stopTimer: StopTimer;

  constructor(private readonly clock: Clock) {
    this.lastTick = tickOf(clock.uptime());
    this.stopTimer = clock.every(TICK_MS, () => this.tick());
  }

  /** How often it will look at a link. */
  get size(): number {
    return this.watches;
  }

  /** Calls `expired` when it is due, once. To be told again when it is due sooner than before. */
  watch(watched: Watched): void {
    const { dueAt } = watched;
    if (dueAt === Number.POSITIVE_INFINITY) return;
    const tick = Math.max(tickOf(Math.min(dueAt, this.clock.uptime() + LOOK_MS)), this.lastTick) + 1;
    if (watched.lookTick > this.lastTick && watched.lookTick <= tick) return;
    watched.lookTick = tick;
    this.watches++;
    const bucket = this.buckets.get(tick);
    if (bucket) bucket.push(watched);
    else this.buckets.set(tick, [watched]);
  }

  stop(): void {
    this.stopTimer();
    this.buckets.clear();
    this.watches = 0;
  }

  private tick(): void {
    const now = this.clock.uptime();
    const current = tickOf(now);
    while (this.lastTick < current) {
      const tick = ++this.lastTick;
      const bucket = this.buckets.get(tick);
      if (!bucket) continue;
      this.buckets.delete(tick);
      this.watches -= bucket.length;
      // It was put into a bucket before this one when it was due sooner.
      for (const watched of bucket) if (watched.lookTick === tick) this.check(watched, now);
    }
  }

  private check(watched: Watched, now: number): void {
    if (watched.isClosed) return;
    if (now >= watched.dueAt) watched.expired();
    else this.watch(watched);
  }
}

function tickOf(ms: number): number {
  return Math.floor(ms / TICK_MS);
}
