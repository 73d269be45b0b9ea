import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  apiKeysCreateMutation,
  apiKeysListOptions,
  apiKeysRevokeMutation,
  apiKeysRotateMutation,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';

/** All API keys, by name. */
export const apiKeysList = () => queryOptions(apiKeysListOptions());

function useRefresh(): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: [{ _id: 'apiKeysList' }] });
}

/** Makes a key; the answer holds its secret, which is forgotten with the form. */
export function useCreateApiKey() {
  return useMutation({ ...apiKeysCreateMutation(), onSuccess: useRefresh(), gcTime: 0 });
}

/** Gives a key a new secret. */
export function useRotateApiKey() {
  return useMutation({ ...apiKeysRotateMutation(), onSuccess: useRefresh(), gcTime: 0 });
}

/** Ends a key. */
export function useRevokeApiKey() {
  return useMutation({ ...apiKeysRevokeMutation(), onSuccess: useRefresh() });
}
