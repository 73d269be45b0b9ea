const UNKNOWN = Number.NaN;

/** The values of the last seconds, in memory. Bounded by the number of seconds and of series. */
export class RecentSteps {
  private readonly seconds: Float64Array;
  private readonly series = new Map<string, Float64Array>();
  private newestSecond: number | null = null;

  constructor(
    private readonly length: number,
    private readonly seriesLimit: number,
  ) {
    this.seconds = new Float64Array(length).fill(UNKNOWN);
  }

  /** The second that was set last; null for none. */
  get newest(): number | null {
    return this.newestSecond;
  }

  /** The series that have a value. */
  get keys(): Iterable<string> {
    return this.series.keys();
  }

  /** Keeps the values of a second since the epoch. A clock that was set back begins a new history. */
  set(second: number, values: ReadonlyMap<string, number>): void {
    if (this.newestSecond !== null && second < this.newestSecond) this.seconds.fill(UNKNOWN);
    this.newestSecond = second;
    const index = second % this.length;
    this.seconds[index] = second;
    for (const known of this.series.values()) known[index] = UNKNOWN;
    for (const [key, value] of values) {
      const known = this.series.get(key) ?? this.add(key);
      if (known) known[index] = value;
    }
  }

  /** The value of that second, or null. */
  get(key: string, second: number): number | null {
    const index = second % this.length;
    if (this.seconds[index] !== second) return null;
    const value = this.series.get(key)?.[index] ?? UNKNOWN;
    return Number.isNaN(value) ? null : value;
  }

  private add(key: string): Float64Array | null {
    if (this.series.size >= this.seriesLimit) return null;
    const values = new Float64Array(this.length).fill(UNKNOWN);
    this.series.set(key, values);
    return values;
  }
}
