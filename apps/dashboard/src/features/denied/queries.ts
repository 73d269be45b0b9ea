import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { policyGetOptions, refusalsExplainOptions } from '../../shared/api/generated/@tanstack/react-query.gen.js';
import { serverNow } from '../../shared/api/server-time.js';
import { refusalsList as readRefusals } from '../../shared/api/generated/sdk.gen.js';
import type { RefusalsListData } from '../../shared/api/generated/types.gen.js';
import type { DeniedRange, DeniedSearch } from './search.js';

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

/** A range ends now: its beginning moves by the minute. */
function sinceOf(range: DeniedRange, nowMs: number): string {
  const minute = 60_000;
  return new Date(Math.floor((nowMs - rangeMs[range]) / minute) * minute).toISOString();
}

type Question = NonNullable<RefusalsListData['query']>;

/** What is asked for, but since when. */
function questionOf(search: DeniedSearch): Question {
  const { tab = 'denied', q, client, topic, rule, action, group, sort } = search;
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
    limit: pageSize,
  };
}

/** What was refused, page by page; read again every two seconds while it is live. */
export const refusalsList = (search: DeniedSearch, { isLive }: { readonly isLive: boolean }) => {
  const { range = '24h' } = search;
  const question = questionOf(search);
  return infiniteQueryOptions({
    // Not by the minute that it is asked in: what was known in the last one is still known.
    queryKey: ['refusals', question, range] as const,
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...question, since: sinceOf(range, serverNow()), after: pageParam };
      return (await readRefusals({ query, signal })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    // Rows of another grouping would stand under the wrong headings.
    placeholderData: (rows, query) => (query?.queryKey[1].group === search.group ? rows : undefined),
    refetchInterval: ({ state }) => isLive && !isTooLong(state.data?.pages) && refreshMs,
  });
};

/** So many pages are open that reading them all again and again would cost too much: they stand still. */
export function isTooLong(pages: readonly unknown[] | undefined): boolean {
  return (pages?.length ?? 0) > mostLivePages;
}

/** The last refusals of one client. */
export const refusalsOf = (clientId: string) =>
  queryOptions({
    queryKey: ['refusals', 'of', clientId],
    queryFn: async ({ signal }) => {
      const query = { clientId, limit: drawerRows, since: sinceOf('30d', serverNow()) };
      return (await readRefusals({ query, signal })).data;
    },
    refetchInterval: refreshMs,
  });

/** Why something was refused. A refusal of then has the same reason for ever; what holds now may change. */
export const explanationOf = (key: string) => queryOptions(refusalsExplainOptions({ path: { key } }));

/** The live policy: its rules are called by their place. */
export const livePolicy = () => queryOptions({ ...policyGetOptions(), staleTime: 10_000 });
