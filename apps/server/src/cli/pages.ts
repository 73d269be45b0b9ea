import type { RestApi } from './rest-api.js';

/** All items of a list that is answered in pages. */
export async function pages<Item>(
  api: RestApi,
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): Promise<Item[]> {
  const all: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.ask<{ items: Item[]; next: string | null }>('GET', path, { query: { ...query, cursor } });
    all.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return all;
}
