import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { topicsChildren, topicsSubscribersOf } from '../../shared/api/generated/sdk.gen.js';

const REFRESH_MS = 15_000;
const PAGE_SIZE = 200;

/** The levels that follow a topic, null for the first ones, as far as they begin with the prefix. */
export function topicChildren(parent: string | null, prefix = '') {
  return queryOptions({
    queryKey: ['topics', 'children', parent, prefix],
    queryFn: async ({ signal }) => {
      const { data } = await topicsChildren({ query: { ...(parent !== null && { parent }), prefix }, signal });
      return data;
    },
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
}

/** Who is subscribed to the topic or to some topic of the filter, page by page. */
export function topicSubscribers(filter: string) {
  return infiniteQueryOptions({
    queryKey: ['topics', 'subscribers', filter],
    queryFn: async ({ pageParam, signal }) => {
      const after = pageParam === null ? {} : { after: pageParam };
      const { data } = await topicsSubscribersOf({ query: { filter, limit: PAGE_SIZE, ...after }, signal });
      return data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}
