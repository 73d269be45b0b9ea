/** Where an item lands that is dropped on the upper or lower half of another. */
export function dropPosition(from: number, onto: number, half: 'upper' | 'lower'): number {
  const gap = half === 'upper' ? onto : onto + 1;
  // Taking the item out first moves everything after it up by one.
  return gap > from ? gap - 1 : gap;
}
