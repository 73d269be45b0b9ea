/** Anything with a place in the list. */
interface Placed {
  readonly id: string;
}

/** The list with these items taken out and put back together, in their order, so that the first one stands at `to`. */
export function moveRules<Item extends Placed>(
  items: readonly Item[],
  ids: readonly string[],
  to: number,
): readonly Item[] {
  const moving = new Set(ids);
  const staying = items.filter((item) => !moving.has(item.id));
  const at = Math.min(Math.max(to, 0), staying.length);
  return staying.toSpliced(at, 0, ...items.filter((item) => moving.has(item.id)));
}

/** Where an item lands that is dropped on the upper or lower half of another. */
export function dropPosition(from: number, onto: number, half: 'upper' | 'lower'): number {
  const gap = half === 'upper' ? onto : onto + 1;
  // Taking the item out first moves everything after it up by one.
  return gap > from ? gap - 1 : gap;
}

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
