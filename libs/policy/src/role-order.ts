/** One order of all names in which each of the lists stands as it is, as far as there is one. */
export function commonOrder(names: readonly string[], lists: readonly (readonly string[])[]): string[] {
  const behind = new Map(names.map((name) => [name, new Set<string>()]));
  for (const list of lists) {
    for (const [index, name] of list.entries()) {
      const next = list[index + 1];
      if (next !== undefined) behind.get(name)?.add(next);
    }
  }
  const waiting = new Map(names.map((name) => [name, 0]));
  for (const later of behind.values()) for (const name of later) waiting.set(name, (waiting.get(name) ?? 0) + 1);
  const order: string[] = [];
  const left = new Set(names);
  while (left.size > 0) {
    // In a circle the one for which the fewest others wait goes first.
    const [next = ''] = [...left].sort((a, b) => (waiting.get(a) ?? 0) - (waiting.get(b) ?? 0));
    left.delete(next);
    order.push(next);
    for (const name of behind.get(next) ?? []) waiting.set(name, (waiting.get(name) ?? 0) - 1);
  }
  return order;
}
