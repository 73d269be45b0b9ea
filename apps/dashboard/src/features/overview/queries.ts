import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  policyRevisionsListOptions,
  seriesReadOptions,
  statsGetOptions,
  trafficGetOptions,
  usersListOptions,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';
import { serverNow } from '../../shared/api/server-time.js';
import { clientsList, refusalsList } from '../../shared/api/generated/sdk.gen.js';
import type { OverviewRange } from './search.js';

/** The counters of the broker and their last 15 minutes. */
export const stats = () => queryOptions({ ...statsGetOptions(), refetchInterval: 5_000, staleTime: 500 });

/** The newest revision of the policy. */
export const latestRevision = () =>
  queryOptions({ ...policyRevisionsListOptions({ query: { limit: 1 } }), refetchInterval: 30_000 });

function lately(): string {
  return new Date(serverNow() - 15 * 60_000).toISOString();
}

/** Who came or went lately, read whenever the page is opened: the live feed tells the rest. */
export const whoJustMoved = () =>
  queryOptions({
    // Not by the moment that it is asked in: what was known then is still known.
    queryKey: ['clients', 'lately'],
    queryFn: async ({ signal }) => (await clientsList({ query: { since: lately(), limit: 500 }, signal })).data,
    staleTime: Infinity,
    refetchOnMount: 'always',
  });

/** What clients were refused lately, the newest first. */
export const lastRefusals = () =>
  queryOptions({
    queryKey: ['refusals', 'lately'],
    queryFn: async ({ signal }) => {
      const query = { since: lately(), sort: 'last', shadow: 'false', limit: 20 } as const;
      return (await refusalsList({ query, signal })).data;
    },
    refetchInterval: 2_000,
  });

const SOON_MS = 7 * 86_400_000;

/** Active users whose end comes within a week. */
export const usersThatEndSoon = () => {
  // To the hour, so that it stays the same question.
  const hour = 3_600_000;
  const endsBefore = new Date(Math.floor((serverNow() + SOON_MS) / hour) * hour).toISOString();
  return queryOptions({
    ...usersListOptions({ query: { state: 'active', endsBefore, limit: 100 } }),
    refetchInterval: 60_000,
  });
};

/** Clients that are worth a look; the server looks at them every ten seconds. */
export const traffic = () => queryOptions({ ...trafficGetOptions(), refetchInterval: 10_000 });

const overTime = [
  'perch_connects_total',
  'perch_disconnects_total',
  'perch_messages_received_total',
  'perch_messages_sent_total',
  'perch_received_bytes_total',
  'perch_sent_bytes_total',
  'perch_messages_dropped_total',
  'perch_refused_actions_total',
];

/** What the tiles show over time. */
export const tileSeries = (range: OverviewRange) =>
  queryOptions({
    ...seriesReadOptions({ query: { metric: overTime.join(','), range } }),
    refetchInterval: range === '15m' ? 5_000 : 30_000,
    placeholderData: keepPreviousData,
  });
