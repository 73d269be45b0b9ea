import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { topicsChildren } from '../api/generated/sdk.gen.js';

const REFRESH_MS = 15_000;

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
