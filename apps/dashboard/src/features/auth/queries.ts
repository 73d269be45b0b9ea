import {
  type QueryClient,
  queryOptions,
  type UseMutationOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { authLoginMutation, setupStateOptions } from '../../shared/api/generated/@tanstack/react-query.gen.js';
import type { Operator } from '../../shared/api/generated/types.gen.js';
import { asksSignIn } from '../../shared/api/query-client.js';
import { sessionQuery } from '../../shared/session/session.js';

/** Whether the first operator has still to be made. */
export const setupState = () => queryOptions({ ...setupStateOptions(), staleTime: 60_000 });

/** Forgets whoever was signed in before, and learns who is now. */
export async function learnSession(queryClient: QueryClient): Promise<void> {
  queryClient.clear();
  await queryClient.fetchQuery(sessionQuery());
}

/** Signs in. Its 401 is an answer, not the end of a sign-in. */
export function useLogin() {
  const queryClient = useQueryClient();
  const login = authLoginMutation();
  return useMutation({
    ...login,
    meta: asksSignIn,
    onSuccess: () => learnSession(queryClient),
  } satisfies UseMutationOptions<Operator, Error, Parameters<NonNullable<typeof login.mutationFn>>[0]>);
}
