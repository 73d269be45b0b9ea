import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import {
  usersCreateMutation,
  usersListInfiniteOptions,
  usersRemoveMutation,
  usersResetPasswordMutation,
  usersUpdateMutation,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';
import type { UsersListData } from '../../shared/api/generated/types.gen.js';

const pageSize = 200;

/** Which users a list shows. */
export type UsersFilter = Pick<NonNullable<UsersListData['query']>, 'q' | 'state'>;

/** Users by name, page by page, with how many of their clients are online. */
export const usersList = ({ q, state }: UsersFilter) =>
  infiniteQueryOptions({
    ...usersListInfiniteOptions({ query: { q, state, limit: pageSize } }),
    initialPageParam: {},
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });

function refreshUsers(queryClient: QueryClient): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: [{ _id: 'usersList' }] });
}

/** Creates the credentials a client connects with. */
export function useCreateUser() {
  const queryClient = useQueryClient();
  return useMutation({ ...usersCreateMutation(), onSuccess: () => refreshUsers(queryClient) });
}

/** Changes the note, or disables and enables; disabling disconnects before it answers. */
export function useUpdateUser() {
  const queryClient = useQueryClient();
  return useMutation({ ...usersUpdateMutation(), onSuccess: () => refreshUsers(queryClient) });
}

/** Replaces the password. */
export function useResetPassword() {
  const queryClient = useQueryClient();
  return useMutation({ ...usersResetPasswordMutation(), onSuccess: () => refreshUsers(queryClient) });
}

/** Deletes a user and disconnects its clients. */
export function useRemoveUser() {
  const queryClient = useQueryClient();
  return useMutation({ ...usersRemoveMutation(), onSuccess: () => refreshUsers(queryClient) });
}
