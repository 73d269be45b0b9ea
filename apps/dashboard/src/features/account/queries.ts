import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  accountChangePasswordMutation,
  accountConfirmMutation,
  accountEndSessionMutation,
  accountProposeMutation,
  accountRemoveMutation,
  accountSessionsOptions,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';
import { sessionQuery } from '../../shared/session/session.js';

/** In which browsers one is logged in. */
export const ownSessions = () => queryOptions(accountSessionsOptions());

/** What changes how one gets in changes who one is and where. */
function useRefreshAccount(): () => Promise<void> {
  const queryClient = useQueryClient();
  return async () => {
    await Promise.all([
      queryClient.invalidateQueries({ queryKey: sessionQuery().queryKey }),
      queryClient.invalidateQueries({ queryKey: ownSessions().queryKey }),
    ]);
  };
}

/** Changes the own password. */
export function useChangePassword() {
  return useMutation({ ...accountChangePasswordMutation(), onSuccess: useRefreshAccount() });
}

/** Begins to set up a second factor; its secret is forgotten with the dialog. */
export function useProposeFactor() {
  return useMutation({ ...accountProposeMutation(), gcTime: 0 });
}

/** Turns it on. The account is refreshed when the recovery codes have been put away. */
export function useConfirmFactor() {
  return useMutation({ ...accountConfirmMutation(), gcTime: 0, onSuccess: useRefreshAccount() });
}

/** Turns it off. */
export function useRemoveFactor() {
  return useMutation({ ...accountRemoveMutation(), onSuccess: useRefreshAccount() });
}

/** Logs out another browser. */
export function useEndOwnSession() {
  return useMutation({ ...accountEndSessionMutation(), onSuccess: useRefreshAccount() });
}
