import { infiniteQueryOptions, keepPreviousData, type QueryClient } from '@tanstack/react-query';
import {
  publishMessageMutation,
  retainedGetOptions,
  retainedRemoveMutation,
  retainedRestoreMutation,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';
import { retainedList } from '../../shared/api/generated/sdk.gen.js';

const PAGE_SIZE = 500;
const listKey = ['retained', 'list'] as const;

/** The topics with a retained message that a filter matches, page by page. */
export function retainedTopics(filter: string) {
  return infiniteQueryOptions({
    queryKey: [...listKey, filter],
    queryFn: async ({ pageParam, signal }) => {
      const after = pageParam === null ? {} : { after: pageParam };
      const { data } = await retainedList({ query: { filter, limit: PAGE_SIZE, ...after }, signal });
      return data;
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

/** One retained message with its payload. */
export function retainedMessage(topic: string) {
  return retainedGetOptions({ query: { topic } });
}

/** Forgets what is retained on a topic. */
export const removeRetained = retainedRemoveMutation();

/** Puts back what was deleted a moment ago. */
export const restoreRetained = retainedRestoreMutation();

/** Publishes one message. */
export const publish = publishMessageMutation();

/** Fetches anew what a change may have touched. */
export async function refreshRetained(queryClient: QueryClient, topic: string): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: listKey }),
    queryClient.invalidateQueries({ queryKey: retainedMessage(topic).queryKey }),
  ]);
}
