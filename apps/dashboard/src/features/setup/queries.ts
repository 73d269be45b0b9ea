import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { clientsList, policyGet, settingsList, statsGet, usersList } from '../../shared/api/generated/sdk.gen.js';
import {
  settingsListOptions,
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

/** A client that is online, else one that was here: asked for every second until one stays. */
export const firstClient = () =>
  queryOptions({
    queryKey: ['first-client'],
    queryFn: async ({ signal }) => {
      const options = { signal, throwOnError: true } as const;
      const online = await clientsList({ ...options, query: { state: 'online', limit: 1 } });
      if (online.data.items[0]) return online.data.items[0];
      // Who publishes one message and leaves is gone before anybody looks.
      const known = await clientsList({ ...options, query: { limit: 1 } });
      return known.data.items[0] ?? null;
    },
    refetchInterval: (query) => (query.state.data?.online ? false : 1000),
  });

/** The settings that the set-up asks for. */
export const brokerSettings = () =>
  queryOptions({
    ...settingsListOptions(),
    select: ({ items }) => ({
      name: items.find(({ key }) => key === 'brokerName'),
      host: items.find(({ key }) => key === 'publicHost'),
    }),
  });

/** What of the set-up is done, as the broker has it. */
export const setupProgress = () =>
  queryOptions({
    queryKey: ['setup-progress'],
    queryFn: async ({ signal }) => {
      const options = { signal, throwOnError: true } as const;
      const [settings, policy, users, clients, stats] = await Promise.all([
        settingsList(options),
        policyGet(options),
        usersList({ ...options, query: { limit: 1 } }),
        clientsList({ ...options, query: { limit: 1 } }),
        statsGet(options),
      ]);
      return {
        isNamed: settings.data.items.some(({ key, isSet }) => key === 'brokerName' && isSet),
        hasAccess: policy.data.rules.length > 0 || policy.data.settings.noMatch === 'allow',
        hasUser: users.data.items.length > 0,
        // One that was here counts too, also once it is forgotten.
        hasClient: clients.data.items.length > 0 || stats.data.connects > 0,
      };
    },
    refetchInterval: 10_000,
  });
