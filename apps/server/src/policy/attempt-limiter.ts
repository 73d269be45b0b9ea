/** How many attempts a key has, in which time, and how many keys are remembered. */
export interface AttemptLimits {
  readonly attempts: number;
  readonly windowMs: number;
  /** How long a key is blocked from its last attempt on. Left out: to the end of its window. */
  readonly blockMs?: number;
  readonly keys: number;
}

/** Counts attempts per key in fixed windows that begin with a key's first attempt. Bounded: the oldest window goes first. */
export class AttemptLimiter {
  private readonly windows = new Map<string, { count: number; endsAt: number }>();

  constructor(
    private readonly limits: AttemptLimits,
    private readonly now: () => number = Date.now,
  ) {}

  /** Milliseconds until the key may try again; 0 when it may now. */
  blockedForMs(key: string): number {
    const window = this.windows.get(key);
    if (!window || window.count < this.limits.attempts) return 0;
    return Math.max(0, window.endsAt - this.now());
  }

  /** How often the key has tried in its window. */
  countOf(key: string): number {
    const window = this.windows.get(key);
    return window && window.endsAt > this.now() ? window.count : 0;
  }

  /** The keys that are blocked now, and for how long still. Looks at all of them. */
  *blocked(): Generator<{ readonly key: string; readonly leftMs: number }> {
    for (const key of this.windows.keys()) {
      const leftMs = this.blockedForMs(key);
      if (leftMs > 0) yield { key, leftMs };
    }
  }

  /** Blocks the key for so long, as if it had tried too often. */
  block(key: string, ms: number): void {
    const window = this.begin(key, this.now());
    window.count = this.limits.attempts;
    window.endsAt = this.now() + ms;
  }

  /** Counts one attempt. */
  count(key: string): void {
    const now = this.now();
    let window = this.windows.get(key);
    if (window && window.endsAt > now) window.count++;
    else window = this.begin(key, now);
    const { attempts, blockMs } = this.limits;
    if (blockMs !== undefined && window.count === attempts) window.endsAt = now + blockMs;
  }

  /** Takes one attempt back: it was none. */
  giveBack(key: string): void {
    const window = this.windows.get(key);
    if (window && window.count > 0) window.count--;
  }

  /** Forgets the key, as after a success. */
  forget(key: string): void {
    this.windows.delete(key);
  }

  /** Forgets every key that is so. Looks at all of them. */
  forgetWhere(isGone: (key: string) => boolean): void {
    for (const key of this.windows.keys()) if (isGone(key)) this.windows.delete(key);
  }

  private begin(key: string, now: number): { count: number; endsAt: number } {
    const window = { count: 1, endsAt: now + this.limits.windowMs };
    this.windows.delete(key);
    this.windows.set(key, window);
    if (this.windows.size <= this.limits.keys) return window;
    const [oldest] = this.windows.keys();
    if (oldest !== undefined) this.windows.delete(oldest);
    return window;
  }
}
