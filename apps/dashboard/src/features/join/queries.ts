import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { invitationsAcceptMutation } from '../../shared/api/generated/@tanstack/react-query.gen.js';
import { invitationsLook } from '../../shared/api/generated/sdk.gen.js';
import { asksSignIn } from '../../shared/api/query-client.js';
import { sessionQuery } from '../../shared/session/session.js';

/** Who an invitation is for. Asked by POST, because the token of a link must not be in an address. */
export const invitation = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: async ({ signal }) => (await invitationsLook({ body: { token }, signal, throwOnError: true })).data,
    staleTime: Infinity,
    retry: false,
  });

/** Becomes an operator; the answer's cookie signs in. */
export function useAcceptInvitation() {
  const queryClient = useQueryClient();
  return useMutation({
    ...invitationsAcceptMutation(),
    meta: asksSignIn,
    onSuccess: async () => {
      queryClient.clear();
      await queryClient.fetchQuery(sessionQuery());
    },
  });
}
