import type { Clock } from '@perch/broker';

/** How many may wait at once: in all, and of each kind. */
export interface WaitingRoomLimits {
  readonly inAll: number;
  readonly perKey: number;
}

/** Lets callers wait, a bounded number of them, so that making somebody wait cannot be used against everybody else. */
export class WaitingRoom {
  private readonly counts = new Map<string, number>();
  private waiting = 0;

  constructor(
    private readonly limits: WaitingRoomLimits,
    private readonly clock: Pick<Clock, 'after'>,
  ) {}

  /** Resolves after this time; null when too many wait already, in all or under one of these keys. */
  wait(ms: number, keys: readonly string[]): Promise<void> | null {
    const isFull = this.waiting >= this.limits.inAll || keys.some((key) => this.countOf(key) >= this.limits.perKey);
    if (isFull) return null;
    this.enter(keys);
    return new Promise((resolve) => {
      this.clock.after(ms, () => {
        this.leave(keys);
        resolve();
      });
    });
  }

  private enter(keys: readonly string[]): void {
    this.waiting++;
    for (const key of keys) this.counts.set(key, this.countOf(key) + 1);
  }

  private leave(keys: readonly string[]): void {
    this.waiting--;
    for (const key of keys) {
      const left = this.countOf(key) - 1;
      if (left > 0) this.counts.set(key, left);
      else this.counts.delete(key);
    }
  }

  private countOf(key: string): number {
    return this.counts.get(key) ?? 0;
  }
}
