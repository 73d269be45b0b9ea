import {
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import {
  bansCreateMutation,
  bansLiftMutation,
  bansListInfiniteOptions,
  bansUpdateMutation,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';
import { bansPreview } from '../../shared/api/generated/sdk.gen.js';
import type { BanTarget } from '../../shared/api/generated/types.gen.js';
import type { BansSearch } from './search.js';

const pageSize = 100;
/** Clients come and go while somebody decides. */
const previewRefreshMs = 5_000;

/** Bans of a tab, the latest first, page by page, with what they refused. */
export const bansList = ({ state = 'active', kind, q }: BansSearch) =>
  infiniteQueryOptions({
    ...bansListInfiniteOptions({ query: { state, kind, q, limit: pageSize } }),
    initialPageParam: {},
    getNextPageParam: (last) => last.next ?? undefined,
    // Rows of another tab would stand under the wrong headings.
    placeholderData: (rows, query) => (stateOf(query?.queryKey) === state ? rows : undefined),
    refetchInterval: 5_000,
  });

function stateOf(key: readonly unknown[] | undefined): unknown {
  return (key?.[0] as { query?: { state?: unknown } } | undefined)?.query?.state;
}

/** Whom a ban would meet now. */
export const banPreview = ({ kind, value }: BanTarget) =>
  queryOptions({
    queryKey: ['bans', 'preview', kind, value],
    queryFn: async ({ signal }) => (await bansPreview({ body: { kind, value }, signal })).data,
    refetchInterval: previewRefreshMs,
    retry: false,
  });

/** Users are locked by bans of their names. */
async function refreshBans(queryClient: QueryClient): Promise<void> {
  const ids = ['bansList', 'usersList'];
  await Promise.all(ids.map((_id) => queryClient.invalidateQueries({ queryKey: [{ _id }] })));
}

/** Bans somebody; whom it meets is disconnected before it answers. */
export function useCreateBan() {
  const queryClient = useQueryClient();
  return useMutation({ ...bansCreateMutation(), onSuccess: () => refreshBans(queryClient) });
}

/** Changes how long a ban holds, or why. */
export function useUpdateBan() {
  const queryClient = useQueryClient();
  return useMutation({ ...bansUpdateMutation(), onSuccess: () => refreshBans(queryClient) });
}

/** Lifts a ban. */
export function useLiftBan() {
  const queryClient = useQueryClient();
  return useMutation({ ...bansLiftMutation(), onSuccess: () => refreshBans(queryClient) });
}
