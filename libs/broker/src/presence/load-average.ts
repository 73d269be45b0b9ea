const WINDOWS_MINUTES = [1, 5, 15] as const;

/** Events per minute, as an exponentially weighted average over 1, 5 and 15 minutes, like Mosquitto's load topics. */
export class LoadAverage {
  private readonly perMinute = [0, 0, 0];
  private lastCount = 0;

  /** Takes in a counter's value, `stepMs` after the last one. */
  sample(count: number, stepMs: number): void {
    const rate = ((count - this.lastCount) * 60_000) / stepMs;
    this.lastCount = count;
    WINDOWS_MINUTES.forEach((minutes, i) => {
      const weight = Math.exp(-stepMs / (minutes * 60_000));
      this.perMinute[i] = rate * (1 - weight) + (this.perMinute[i] as number) * weight;
    });
  }

  /** Calls `put` with `1min`, `5min`, `15min` and the value with two decimals. */
  read(put: (window: string, value: string) => void): void {
    WINDOWS_MINUTES.forEach((minutes, i) => put(`${minutes}min`, (this.perMinute[i] as number).toFixed(2)));
  }
}
