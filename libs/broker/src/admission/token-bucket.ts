/** How much may pass, steadily and at once. */
export interface Rate {
  readonly perSecond: number;
  /** What a full bucket holds. */
  readonly burst: number;
}

/** Lets something pass at a steady rate, and a burst after a rest. Knows no clock: it is told the time. */
export class TokenBucket {
  private tokens: number;

  constructor(
    private readonly rate: Rate,
    private filledAt: number,
  ) {
    this.tokens = rate.burst;
  }

  /** Takes this much if it is there. */
  tryTake(amount: number, now: number): boolean {
    this.fill(now);
    if (this.tokens < amount) return false;
    this.tokens -= amount;
    return true;
  }

  /** Takes this much also where it is not there yet; milliseconds until the debt is paid, 0 for none. */
  take(amount: number, now: number): number {
    this.fill(now);
    this.tokens -= amount;
    return this.tokens >= 0 ? 0 : (-this.tokens / this.rate.perSecond) * 1000;
  }

  /** Nothing was taken for so long that it is as good as new. */
  isFull(now: number): boolean {
    this.fill(now);
    return this.tokens >= this.rate.burst;
  }

  private fill(now: number): void {
    const { perSecond, burst } = this.rate;
    this.tokens = Math.min(burst, this.tokens + ((now - this.filledAt) / 1000) * perSecond);
    this.filledAt = now;
  }
}
