/** The middle of the values; NaN without values. */
export function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((x, y) => x - y);
  if (sorted.length === 0) return NaN;
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** One number of each round; a round without it has NaN. */
export type Rounds = readonly number[];

/** What each round says of one divided by the other: what slows the machine for a while slows both of a round. */
export function ratios(one: Rounds, other: Rounds): number[] {
  return one.map((value, round) => value / (other[round] ?? NaN)).filter((ratio) => Number.isFinite(ratio));
}

/** The smallest and the largest. */
export function spread(values: readonly number[]): { min: number; max: number } {
  return { min: Math.min(...values), max: Math.max(...values) };
}
