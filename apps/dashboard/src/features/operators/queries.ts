import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
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
