import { infiniteQueryOptions, keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import {
  bansCreateAllMutation,
  clientsBatchRunMutation,
  clientsGetOptions,
  clientsGetQueryKey,
  clientsKickMutation,
  clientsListOptions,
  clientsTimelineInfiniteOptions,
  clientsUnsubscribeMutation,
  policyGetOptions,
  seriesReadOptions,
  sessionsDropQueueMutation,
  sessionsGetOptions,
  sessionsGetQueryKey,
  sessionsPurgeMutation,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';
import {
  clientsBatchLoads,
  clientsBatchRanks,
  clientsList,
  policyQuestionsReach,
} from '../../shared/api/generated/sdk.gen.js';
import type { Client, ClientDetail, ClientPage, ClientRankQuestion } from '../../shared/api/generated/types.gen.js';
import type { PresenceFacts } from './presence-row.js';
import type { PresencePage } from './presence-sync.js';

const PAGE_SIZE = 5000;

/** One page of the snapshot that the presence list starts from. */
export async function fetchPresencePage(after: string | null, signal: AbortSignal): Promise<PresencePage> {
  const query = { limit: PAGE_SIZE, ...(after === null ? {} : { after }) };
  const { data } = await clientsList({ query, signal });
  return { ...data, items: data.items.map(factsOf) };
}

function factsOf(client: Client): PresenceFacts {
  return { ...client, since: Date.parse(client.since) };
}

/** How many came and went in the last 15 minutes. */
export function changesOverTime() {
  const metric = 'perch_connects_total,perch_disconnects_total';
  return queryOptions({ ...seriesReadOptions({ query: { metric, range: '15m' } }), refetchInterval: 5_000 });
}

/** Who flaps, as far as one page goes; renewed while somebody looks. */
export function flappingClients() {
  return queryOptions({
    ...clientsListOptions({ query: { flapping: 'true' } }),
    select: ({ items }) => items.filter(({ flapping }) => flapping),
    refetchInterval: 10_000,
  });
}

/** Filters that only the server can judge. */
export interface SetFilter {
  readonly subscribedTo?: string;
  readonly denied?: boolean;
  readonly banned?: boolean;
  readonly flapping?: boolean;
}

/** The ids of all clients that these filters mean; renewed while somebody looks. */
export function clientSet({ subscribedTo, ...yesOrNo }: SetFilter) {
  const flags = Object.entries(yesOrNo).filter(([, value]) => value !== undefined);
  const filter = { subscribedTo, ...Object.fromEntries(flags.map(([key, value]) => [key, String(value)])) };
  return queryOptions({
    queryKey: ['clients', 'set', filter],
    queryFn: async ({ signal }): Promise<ReadonlySet<string>> => {
      const ids = new Set<string>();
      let after: string | null = null;
      do {
        const query = { ...filter, limit: PAGE_SIZE, ...(after === null ? {} : { after }) };
        const page: ClientPage = (await clientsList({ query, signal })).data;
        for (const { clientId } of page.items) ids.add(clientId);
        after = page.next;
      } while (after !== null);
      return ids;
    },
    // The same people again are no other set: the list is not filtered anew for them.
    structuralSharing: (before, after) => (isSameSet(before, after) ? before : after),
    refetchInterval: 10_000,
  });
}

function isSameSet(before: unknown, after: unknown): boolean {
  if (!(before instanceof Set) || !(after instanceof Set) || before.size !== after.size) return false;
  return [...after].every((id) => before.has(id));
}

/** Rows that are asked about at once: many more than any window shows. */
const MOST_LOADS = 500;

/** What the sessions of these clients have on their hands; renewed while somebody looks. */
export function clientLoads(clientIds: readonly string[]) {
  const asked = clientIds.slice(0, MOST_LOADS);
  return queryOptions({
    queryKey: ['clients', 'loads', asked],
    queryFn: async ({ signal }) => (await clientsBatchLoads({ body: { clientIds: asked }, signal })).data,
    placeholderData: keepPreviousData,
    refetchInterval: 5_000,
    // One for each place that was scrolled to.
    gcTime: 10_000,
  });
}

/** How much of one thing each client has; asked more often until it is known. */
export function clientRanks(by: ClientRankQuestion['by'], isHurried: boolean) {
  return queryOptions({
    queryKey: ['clients', 'ranks', by],
    queryFn: async ({ signal }) => (await clientsBatchRanks({ body: { by }, signal })).data,
    refetchInterval: isHurried ? 1_000 : 5_000,
    staleTime: 0,
    structuralSharing: false,
    gcTime: 0,
  });
}

/** One client with its session; renewed while somebody looks. */
export function clientDetail(clientId: string) {
  return queryOptions({ ...clientsGetOptions({ path: { clientId } }), refetchInterval: 5000 });
}

/** The same as often as its traffic is drawn. */
export function clientTraffic(clientId: string) {
  return queryOptions({ ...clientsGetOptions({ path: { clientId } }), refetchInterval: 1000 });
}

const MOST_PARTS = 200;

/** What the live policy lets a client do; one without a session is described as far as it is known. */
export function clientReach(client: ClientDetail, action: 'publish' | 'subscribe') {
  const { clientId, username, address } = client;
  const hasSession = client.session !== null || client.durable;
  const who = hasSession ? { clientId } : { client: { clientId, username, address } };
  return queryOptions({
    queryKey: ['clients', 'reach', who, action],
    queryFn: async ({ signal }) => {
      const { data } = await policyQuestionsReach({ body: { ...who, action, limit: MOST_PARTS }, signal });
      return data;
    },
    refetchInterval: 10_000,
  });
}

/** The key of one client's details. */
export function clientDetailKey(clientId: string) {
  return clientsGetQueryKey({ path: { clientId } });
}

/** Older pages are read again with the first one: only so many of them. */
const MOST_LIVE_PAGES = 3;

/** What happened to a client, the last first; read again every two seconds while somebody looks at its beginning. */
export function clientTimeline(clientId: string) {
  return infiniteQueryOptions({
    ...clientsTimelineInfiniteOptions({ path: { clientId }, query: { limit: 50 } }),
    initialPageParam: { path: { clientId } },
    getNextPageParam: (last) => last.next ?? undefined,
    refetchInterval: ({ state }) => (state.data?.pages.length ?? 0) <= MOST_LIVE_PAGES && 2_000,
  });
}

/** What is kept of a client while it is away; renewed while somebody looks. */
export function durableSession(clientId: string) {
  return queryOptions({ ...sessionsGetOptions({ path: { clientId } }), refetchInterval: 5000 });
}

/** Reads again what a change of a durable session may have changed. */
export async function refreshSession(queryClient: QueryClient, clientId: string): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: clientDetailKey(clientId) }),
    queryClient.invalidateQueries({ queryKey: sessionsGetQueryKey({ path: { clientId } }) }),
  ]);
}

/** Shows that a durable session is gone: whoever shows it must not ask for it again. */
export async function forgetSession(queryClient: QueryClient, clientId: string): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: clientDetailKey(clientId) });
  queryClient.removeQueries({ queryKey: sessionsGetQueryKey({ path: { clientId } }) });
}

/** Ends a durable session for good. */
export const purgeSession = sessionsPurgeMutation();

/** Drops what waits for a client. */
export const dropQueue = sessionsDropQueueMutation();

/** Closes a client's connection. */
export const kickClient = clientsKickMutation();

/** Disconnects many clients, and ends what is kept for them where that is asked. */
export const sendAway = clientsBatchRunMutation();

/** Bans many client ids. */
export const banClients = bansCreateAllMutation();

/** Takes a subscription away from a client. */
export const unsubscribeClient = clientsUnsubscribeMutation();

/** The rules as they are now, to tell at which place a rule stands. */
export const currentPolicy = () => policyGetOptions();
