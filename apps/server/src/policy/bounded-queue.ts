/** Runs tasks a few at a time and lets only so many wait. */
export class BoundedQueue {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly concurrency: number,
    private readonly waitingLimit: number,
  ) {}

  /** Runs the task when its turn comes; null when too many wait already. */
  run<Result>(task: () => Promise<Result>): Promise<Result> | null {
    if (this.running < this.concurrency) return this.start(task);
    if (this.waiting.length >= this.waitingLimit) return null;
    return new Promise<void>((resolve) => this.waiting.push(resolve)).then(() => this.start(task));
  }

  private async start<Result>(task: () => Promise<Result>): Promise<Result> {
    this.running++;
    try {
      return await task();
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }
}
