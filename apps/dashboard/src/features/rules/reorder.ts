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
