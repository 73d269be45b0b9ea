import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import {
  policyGetOptions,
  refusalsExplainOptions,
  refusalsListInfiniteOptions,
  refusalsListOptions,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';
import type { RefusalsListData } from '../../shared/api/generated/types.gen.js';
import type { DeniedGroup, DeniedRange, DeniedSearch } from './search.js';

const pageSize = 100;
const refreshMs = 2_000;
/** Older pages are read again with the first one: only so many of them. */
const mostLivePages = 3;
const drawerRows = 50;

const hourMs = 3_600_000;
export const rangeMs: Record<DeniedRange, number> = {
  '1h': hourMs,
  '24h': 24 * hourMs,
  '7d': 7 * 24 * hourMs,
  '30d': 30 * 24 * hourMs,
};

/** A range ends now: its beginning moves by the minute, so that reading again asks the same. */
function sinceOf(range: DeniedRange, nowMs: number): string {
  const minute = 60_000;
  return new Date(Math.floor((nowMs - rangeMs[range]) / minute) * minute).toISOString();
}

function queryOf(search: DeniedSearch, nowMs: number): NonNullable<RefusalsListData['query']> {
  const { tab = 'denied', q, client, topic, rule, action, group, sort, range = '24h' } = search;
  return {
    q,
    clientId: client,
    topic,
    rule,
    action,
    group,
    sort,
    kind: tab === 'auth' ? 'connect' : tab === 'denied' ? 'access' : undefined,
    shadow: tab === 'shadow' ? 'true' : undefined,
    since: sinceOf(range, nowMs),
    limit: pageSize,
  };
}

/** What was refused, page by page; read again every two seconds while it is live. */
export const refusalsList = (search: DeniedSearch, { isLive }: { readonly isLive: boolean }) =>
  infiniteQueryOptions({
    ...refusalsListInfiniteOptions({ query: queryOf(search, Date.now()) }),
    initialPageParam: {},
    getNextPageParam: (last) => last.next ?? undefined,
    // Rows of another grouping would stand under the wrong headings.
    placeholderData: (rows, query) => (groupOf(query?.queryKey) === search.group ? rows : undefined),
    refetchInterval: ({ state }) => isLive && !isTooLong(state.data?.pages) && refreshMs,
  });

/** So many pages are open that reading them all again and again would cost too much: they stand still. */
export function isTooLong(pages: readonly unknown[] | undefined): boolean {
  return (pages?.length ?? 0) > mostLivePages;
}

function groupOf(key: readonly [Pick<RefusalsListData, 'query'>, ...unknown[]] | undefined): DeniedGroup | undefined {
  return key?.[0].query?.group;
}

/** The last refusals of one client. */
export const refusalsOf = (clientId: string) =>
  queryOptions({
    ...refusalsListOptions({ query: { clientId, limit: drawerRows, since: sinceOf('30d', Date.now()) } }),
    refetchInterval: refreshMs,
  });

/** Why something was refused. A refusal of then has the same reason for ever; what holds now may change. */
export const explanationOf = (key: string) => queryOptions(refusalsExplainOptions({ path: { key } }));

/** The live policy: its rules are called by their place. */
export const livePolicy = () => queryOptions({ ...policyGetOptions(), staleTime: 10_000 });
