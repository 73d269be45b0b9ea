import { queryOptions } from '@tanstack/react-query';
import {
  clientsGetOptions,
  clientsGetQueryKey,
  clientsKickMutation,
  policyGetOptions,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';
import { clientsList } from '../../shared/api/generated/sdk.gen.js';
import type { Client } from '../../shared/api/generated/types.gen.js';
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

/** One client with its session; renewed while somebody looks. */
export function clientDetail(clientId: string) {
  return queryOptions({ ...clientsGetOptions({ path: { clientId } }), refetchInterval: 5000 });
}

/** The key of one client's details. */
export function clientDetailKey(clientId: string) {
  return clientsGetQueryKey({ path: { clientId } });
}

/** Closes a client's connection. */
export const kickClient = clientsKickMutation();

/** The rules as they are now, to tell at which place a rule stands. */
export const currentPolicy = () => policyGetOptions();
