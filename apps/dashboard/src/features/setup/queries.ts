import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  clientsListOptions,
  setupCompleteMutation,
  setupStateOptions,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';
import { asksSignIn } from '../../shared/api/query-client.js';
import { sessionQuery } from '../../shared/session/session.js';

/** Whether the first operator has still to be made. */
export const setupState = () => queryOptions(setupStateOptions());

/** Makes the first operator; the answer's cookie signs in. */
export function useCompleteSetup() {
  const queryClient = useQueryClient();
  return useMutation({
    ...setupCompleteMutation(),
    meta: asksSignIn,
    onSuccess: () => queryClient.fetchQuery(sessionQuery()),
  });
}

/** The first client that is online, asked for every second until there is one. */
export const firstClient = () =>
  queryOptions({
    ...clientsListOptions({ query: { state: 'online', limit: 1 } }),
    refetchInterval: (query) => (query.state.data?.items.length ? false : 1000),
  });
