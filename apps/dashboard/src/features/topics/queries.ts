import { infiniteQueryOptions } from '@tanstack/react-query';
import { topicsSubscribersOf } from '../../shared/api/generated/sdk.gen.js';

const PAGE_SIZE = 200;

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
