import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { topicsChildren, topicsRatesOf } from '../api/generated/sdk.gen.js';

const REFRESH_MS = 15_000;
const RATES_REFRESH_MS = 2_000;
/** An order by rates stays for so long: rows that always move cannot be read. */
const ORDER_KEPT_MS = 10_000;

/** All topics that the broker knows of, or those that keep a message. */
export type TreeOf = 'all' | 'retained';

interface Asked {
  /** Null for the first levels. */
  readonly parent: string | null;
  readonly prefix?: string;
  readonly of: TreeOf;
}

/** What the queries of all branches begin with. */
export const topicTreeKey = ['topics', 'children'] as const;

/** The levels that follow a topic, as far as they begin with the prefix. */
export function topicChildren({ parent, prefix = '', of }: Asked) {
  return queryOptions({
    queryKey: [...topicTreeKey, of, parent, prefix],
    queryFn: async ({ signal }) => {
      const { data } = await topicsChildren({ query: { ...(parent !== null && { parent }), prefix, of }, signal });
      return data;
    },
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
}

interface KnownRates {
  /** By topic, a second; null where it is not known yet. */
  readonly rates: ReadonlyMap<string, number | null>;
  /** Rates of a while ago, to sort by. */
  readonly order: ReadonlyMap<string, number | null>;
  readonly orderedAt: number;
}

/** How many messages a second are published to exactly these topics: not known at first, since somebody has to ask. */
export function topicRates(topics: readonly string[]) {
  return queryOptions({
    queryKey: ['topics', 'rates', topics],
    queryFn: async ({ signal, client, queryKey }): Promise<KnownRates> => {
      const { data } = await topicsRatesOf({ body: { topics: [...topics] }, signal });
      const rates = new Map(topics.map((topic, index) => [topic, data.rates[index] ?? null]));
      const before = client.getQueryData<KnownRates>(queryKey);
      const isKept = before !== undefined && isKnown(before.order) && Date.now() - before.orderedAt < ORDER_KEPT_MS;
      return isKept ? { ...before, rates } : { rates, order: rates, orderedAt: Date.now() };
    },
    enabled: topics.length > 0,
    refetchInterval: RATES_REFRESH_MS,
    placeholderData: keepPreviousData,
    structuralSharing: false,
    gcTime: 0,
  });
}

function isKnown(rates: KnownRates['rates']): boolean {
  return [...rates.values()].some((rate) => rate !== null);
}
