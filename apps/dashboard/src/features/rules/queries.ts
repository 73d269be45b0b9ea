import type { Action, ClientIdentity } from '@perch/policy';
import { infiniteQueryOptions, queryOptions, useQueryClient } from '@tanstack/react-query';
import {
  clientsGetOptions,
  hitsListOptions,
  policyGetOptions,
  policyGetQueryKey,
  policyRevisionsGetOptions,
  policyRevisionsListInfiniteOptions,
  policyRevisionsListInfiniteQueryKey,
  policyShadowGetOptions,
  policyShadowReportOptions,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';
import {
  clientsList,
  policyQuestionsWho,
  policyReplace,
  policyRevisionsBlame,
} from '../../shared/api/generated/sdk.gen.js';
import type { Client, PolicyChange, PolicyDoc, PolicyInput, PolicyWho } from '../../shared/api/generated/types.gen.js';
import type { PolicyContent } from './draft.js';
import { policyInput } from './policy-input.js';
import { policyNumber } from './policy-number.js';

/** The rules that are live. Asked for again now and then, so that an editor learns of other operators' saves. */
export const livePolicy = () => queryOptions({ ...policyGetOptions(), refetchInterval: 15_000 });

/** How often each live rule decided. */
export const ruleHits = () => queryOptions({ ...hitsListOptions(), refetchInterval: 30_000 });

/** What is judged beside the live rules. */
export const shadowState = () => queryOptions({ ...policyShadowGetOptions(), refetchInterval: 15_000 });

/** What it would have decided otherwise, so far. */
export const shadowReport = () => queryOptions({ ...policyShadowReportOptions(), refetchInterval: 10_000 });

/** One revision of the rules; none of them ever changes. */
export const policyRevision = (revision: number) =>
  queryOptions({ ...policyRevisionsGetOptions({ path: { revision } }), staleTime: Infinity });

/** Reads one revision on demand. */
export function useReadRevision(): (revision: number) => Promise<PolicyRevision> {
  const client = useQueryClient();
  return (revision) => client.fetchQuery(policyRevisionsGetOptions({ path: { revision } }));
}

const revisionsPage = { query: { limit: 50 } };

/** The key of the list of revisions. */
export const policyRevisionsKey = () => policyRevisionsListInfiniteQueryKey(revisionsPage);

/** Who made each of the rules that are live in this revision. */
export const policyBlame = (revision: number) =>
  queryOptions({
    queryKey: ['rules', 'blame', revision],
    queryFn: async ({ signal }) => (await policyRevisionsBlame({ signal })).data,
    staleTime: Infinity,
  });

/** Who changed the rules, newest first, page by page. */
export const policyRevisions = () =>
  infiniteQueryOptions({
    ...policyRevisionsListInfiniteOptions(revisionsPage),
    initialPageParam: {},
    getNextPageParam: (last) => last.next ?? undefined,
  });

/** A revision with what is known of its making. */
export type PolicyRevision = PolicyDoc;

/** The key of the live rules. */
export const livePolicyKey = () => policyGetQueryKey();

/** What becomes of clients that lose something: nothing more, or they are disconnected. */
export type ExistingChoice = NonNullable<PolicyInput['existing']>;

/** How a draft is to be saved. */
export interface SaveWishes {
  readonly message: string;
  readonly existing: ExistingChoice;
  /** Why it is saved although access tests fail. */
  readonly overrideReason?: string | undefined;
}

/** What is saved, and on top of which revision. */
export interface PolicySave extends SaveWishes {
  readonly content: PolicyContent;
  readonly revision: number;
}

/** Makes the content the next revision; fails with 412 when another revision is live by now. */
export async function savePolicy(save: PolicySave): Promise<PolicyChange> {
  const { content, revision, message, existing, overrideReason } = save;
  const { tests } = content;
  const { data } = await policyReplace({
    headers: { 'If-Match': `"${revision}"` },
    body: {
      ...policyInput(content),
      tests: tests.map((test) => ({ ...test, client: { ...test.client, labels: [...(test.client.labels ?? [])] } })),
      existing,
      ...(overrideReason && { overrideReason }),
      ...(message === '' ? {} : { message }),
    },
  });
  return data;
}

/** Which clients that have a session can do this by these rules. */
export function whoOfClients(policy: PolicyContent, { action, filter }: { action: Action; filter: string }) {
  return queryOptions({
    queryKey: ['rules', 'who', policyNumber(policy), action, filter],
    queryFn: async ({ signal }): Promise<PolicyWho> => {
      const { data } = await policyQuestionsWho({ body: { ...policyInput(policy), action, filter }, signal });
      return data;
    },
    staleTime: 10_000,
    retry: false,
  });
}

const SUGGESTIONS = 10;

/** Clients whose id contains what was typed. */
export function clientSuggestions(typed: string) {
  return queryOptions({
    queryKey: ['rules', 'client-suggestions', typed],
    queryFn: async ({ signal }): Promise<Client[]> => {
      const { data } = await clientsList({ query: { q: typed || undefined, limit: SUGGESTIONS }, signal });
      return data.items;
    },
    staleTime: 10_000,
  });
}

/** One client, and its session while it is connected. */
export const liveClient = (clientId: string) =>
  queryOptions({ ...clientsGetOptions({ path: { clientId } }), staleTime: 10_000, retry: false });

/** Reads on demand who a client is to the rules: what its session says, labels and all, or what is known of the last one. */
export function useReadIdentity(): (client: Client) => Promise<ClientIdentity> {
  const queries = useQueryClient();
  return async ({ clientId }) => {
    const { username, address, session } = await queries.fetchQuery(liveClient(clientId));
    return { clientId, username, address, labels: session?.labels ?? [] };
  };
}
