import { infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import {
  publishMessageMutation,
  retainedCountOptions,
  retainedGetOptions,
  retainedJobsDeleteMutation,
  retainedJobsListOptions,
  retainedJobsStopMutation,
  retainedJobsUndoMutation,
  retainedRemoveMutation,
  retainedRestoreMutation,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';
import { topicTreeKey } from '../../shared/topic-tree/queries.js';
import { retainedList } from '../../shared/api/generated/sdk.gen.js';

const PAGE_SIZE = 500;
/** Of a larger payload the rest is loaded when somebody wants it. */
const LOADED_BYTES = 256 * 1024;
const JOB_POLL_MS = 500;
const IDLE_POLL_MS = 15_000;

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

/** One retained message with its payload, or with the beginning of a large one. */
export function retainedMessage(topic: string, isWhole = false) {
  return queryOptions({
    ...retainedGetOptions({ query: { topic, ...(!isWhole && { maxPayloadBytes: LOADED_BYTES }) } }),
    placeholderData: keepPreviousData,
  });
}

/** How many a filter matches, by now. */
export function countOfRetained(filter: string) {
  return queryOptions({ ...retainedCountOptions({ query: { filter } }), gcTime: 0 });
}

/** What is deleted and put back in bulk; looked at often while something runs. */
export function retainedJobs() {
  return queryOptions({
    ...retainedJobsListOptions(),
    refetchInterval: ({ state }) =>
      state.data?.items.some((job) => job.state === 'running') ? JOB_POLL_MS : IDLE_POLL_MS,
  });
}

/** Begins to delete all that a filter matches. */
export const deleteMany = retainedJobsDeleteMutation();

/** Ends a job before it is through. */
export const stopJob = retainedJobsStopMutation();

/** Puts back what a job deleted. */
export const undoJob = retainedJobsUndoMutation();

/** What was done in bulk changes every list and the tree. */
export async function refreshAllRetained(queryClient: QueryClient): Promise<void> {
  const ids = ['retainedJobsList', 'retainedGet', 'retainedCount'];
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: listKey }),
    queryClient.invalidateQueries({ queryKey: topicTreeKey }),
    ...ids.map((_id) => queryClient.invalidateQueries({ queryKey: [{ _id }] })),
  ]);
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
    queryClient.invalidateQueries({ queryKey: topicTreeKey }),
    queryClient.invalidateQueries({ queryKey: [{ _id: 'retainedCount' }] }),
    queryClient.invalidateQueries({ queryKey: [{ _id: 'retainedGet', query: { topic } }] }),
  ]);
}
