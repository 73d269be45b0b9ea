import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  invitationsCreateMutation,
  invitationsListOptions,
  invitationsRevokeMutation,
  operatorAccessEndAllMutation,
  operatorAccessEndMutation,
  operatorAccessListOptions,
  operatorAccessResetSecondFactorMutation,
  operatorsCreateMutation,
  operatorsListOptions,
  operatorsRemoveMutation,
  operatorsUpdateMutation,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';

/** All operators, by name. */
export const operatorsList = () => queryOptions(operatorsListOptions());

function refreshOperators(queryClient: QueryClient): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: [{ _id: 'operatorsList' }] });
}

/** Creates somebody who may log in. */
export function useCreateOperator() {
  const queryClient = useQueryClient();
  return useMutation({ ...operatorsCreateMutation(), onSuccess: () => refreshOperators(queryClient) });
}

/** Changes role or password, or disables and enables. */
export function useUpdateOperator() {
  const queryClient = useQueryClient();
  return useMutation({ ...operatorsUpdateMutation(), onSuccess: () => refreshOperators(queryClient) });
}

/** Deletes an operator and ends their sessions. */
export function useRemoveOperator() {
  const queryClient = useQueryClient();
  return useMutation({ ...operatorsRemoveMutation(), onSuccess: () => refreshOperators(queryClient) });
}

/** Who was invited and has not come yet. */
export const invitationsList = () => queryOptions(invitationsListOptions());

function refreshInvitations(queryClient: QueryClient): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: [{ _id: 'invitationsList' }] });
}

/** Invites somebody; the answer holds the link, which is forgotten with the form. */
export function useInvite() {
  const queryClient = useQueryClient();
  return useMutation({ ...invitationsCreateMutation(), gcTime: 0, onSuccess: () => refreshInvitations(queryClient) });
}

/** Takes an invitation back. */
export function useWithdrawInvitation() {
  const queryClient = useQueryClient();
  return useMutation({ ...invitationsRevokeMutation(), onSettled: () => refreshInvitations(queryClient) });
}

/** Where an operator is logged in. */
export const operatorSessions = (id: string) => queryOptions(operatorAccessListOptions({ path: { id } }));

function refreshSessions(queryClient: QueryClient): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: [{ _id: 'operatorAccessList' }] });
}

/** Logs an operator out of one browser. */
export function useEndOperatorSession() {
  const queryClient = useQueryClient();
  return useMutation({ ...operatorAccessEndMutation(), onSettled: () => refreshSessions(queryClient) });
}

/** Logs an operator out everywhere. */
export function useEndOperatorSessions() {
  const queryClient = useQueryClient();
  return useMutation({ ...operatorAccessEndAllMutation(), onSettled: () => refreshSessions(queryClient) });
}

/** Takes the second factor off somebody who lost it. */
export function useResetFactor() {
  const queryClient = useQueryClient();
  return useMutation({
    ...operatorAccessResetSecondFactorMutation(),
    onSuccess: () => refreshOperators(queryClient),
  });
}
