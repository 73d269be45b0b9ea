const SUB_BUCKETS = 128;
const BUCKETS = 34 * SUB_BUCKETS;

/** Counts of whole microseconds, exact below 256 and within 0.8 % above. */
export class Histogram {
  private readonly buckets = new Float64Array(BUCKETS);
  private maxUs = 0;
  count = 0;

  add(us: number): void {
    const exponent = us < 2 * SUB_BUCKETS ? 0 : 24 - Math.clz32(us);
    const index = exponent * SUB_BUCKETS + (us >>> exponent);
    this.buckets[index]!++;
    this.count++;
    if (us > this.maxUs) this.maxUs = us;
  }

  clear(): void {
    this.buckets.fill(0);
    this.count = 0;
    this.maxUs = 0;
  }

  /** The value below which the share `q` of all values lies; 0 without values. */
  quantile(q: number): number {
    const wanted = Math.min(Math.floor(q * this.count), this.count - 1);
    let seen = 0;
    for (let index = 0; index < BUCKETS; index++) {
      seen += this.buckets[index]!;
      if (seen > wanted) return lowest(index);
    }
    return this.maxUs;
  }

  /** What a report wants to know of it. */
  figures(prefix: string): Record<string, number> {
    if (this.count === 0) return {};
    return {
      [`${prefix}P50Us`]: this.quantile(0.5),
      [`${prefix}P99Us`]: this.quantile(0.99),
      [`${prefix}P999Us`]: this.quantile(0.999),
      [`${prefix}MaxUs`]: this.maxUs,
    };
  }
}

function lowest(index: number): number {
  if (index < 2 * SUB_BUCKETS) return index;
  const exponent = Math.floor(index / SUB_BUCKETS) - 1;
  return (index - exponent * SUB_BUCKETS) * 2 ** exponent;
}
