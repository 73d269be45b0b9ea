const WINDOW_SECONDS = 5;

/** Counts messages per second over the last five whole seconds. */
export class RateMeter {
  private readonly buckets = new Array<number>(WINDOW_SECONDS).fill(0);
  private second = 0;

  count(amount: number, nowMs: number): void {
    this.advance(nowMs);
    const slot = this.second % WINDOW_SECONDS;
    this.buckets[slot] = (this.buckets[slot] ?? 0) + amount;
  }

  perSecond(nowMs: number): number {
    this.advance(nowMs);
    const total = this.buckets.reduce((sum, bucket) => sum + bucket, 0);
    return Math.round((total / WINDOW_SECONDS) * 10) / 10;
  }

  private advance(nowMs: number): void {
    const second = Math.floor(nowMs / 1000);
    const steps = Math.min(second - this.second, WINDOW_SECONDS);
    for (let step = 1; step <= steps; step += 1) this.buckets[(this.second + step) % WINDOW_SECONDS] = 0;
    if (second - this.second > WINDOW_SECONDS) this.buckets.fill(0);
    if (second > this.second) this.second = second;
  }
}
