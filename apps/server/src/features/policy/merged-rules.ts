/** A list with what a file has of it: what is there already stays where it is, what is not comes where the file has it. */
export function mergedById<Item extends { readonly id: string }>(
  live: readonly Item[],
  file: readonly Item[],
): readonly Item[] {
  const fromFile = new Map(file.map((item) => [item.id, item]));
  const known = new Set(live.map(({ id }) => id));
  const merged = live.map((item) => fromFile.get(item.id) ?? item);
  const firstKnown = file.find(({ id }) => known.has(id));
  // Without a neighbour that both have: at the end, where it takes nothing from what decides today.
  let at = firstKnown ? merged.findIndex(({ id }) => id === firstKnown.id) : merged.length;
  for (const item of file) {
    if (known.has(item.id)) at = merged.findIndex(({ id }) => id === item.id) + 1;
    else merged.splice(at++, 0, item);
  }
  return merged;
}
