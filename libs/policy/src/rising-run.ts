/** The indices of one longest run of rising values: the items that did not move when the others did. */
export function longestRisingRun(values: readonly number[]): Set<number> {
  const tails: number[] = [];
  const previous: number[] = [];
  values.forEach((value, index) => {
    const length = lowerBound(tails, (tail) => (values[tail] ?? 0) < value);
    previous[index] = length > 0 ? (tails[length - 1] ?? -1) : -1;
    tails[length] = index;
  });
  const run = new Set<number>();
  for (let index = tails.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) run.add(index);
  return run;
}

/** Which of the items that both lists hold have moved, so that all others kept their order; as few as possible. */
export function movedIds(before: readonly { id: string }[], after: readonly { id: string }[]): Set<string> {
  const places = new Map(before.map(({ id }, index) => [id, index]));
  const kept = after.filter(({ id }) => places.has(id));
  const still = longestRisingRun(kept.map(({ id }) => places.get(id) ?? 0));
  return new Set(kept.filter((_, index) => !still.has(index)).map(({ id }) => id));
}

function lowerBound(items: readonly number[], isBefore: (item: number) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBefore(items[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
