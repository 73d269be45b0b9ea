import {
  infiniteQueryOptions,
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import {
  bansCreateMutation,
  bansLiftMutation,
  userLoginBansCreateMutation,
  userLoginBansLiftMutation,
  userLoginBansListOptions,
  usersBatchChangeMutation,
  usersBatchImportMutation,
  usersCreateMutation,
  usersGetOptions,
  usersLabelsOptions,
  usersListInfiniteOptions,
  usersRemoveMutation,
  usersResetPasswordMutation,
  usersUpdateMutation,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';
import { usersBatchExport } from '../../shared/api/generated/sdk.gen.js';
import type { User, UsersListData } from '../../shared/api/generated/types.gen.js';

const pageSize = 200;

/** Which users a list shows. */
export type UsersFilter = Pick<NonNullable<UsersListData['query']>, 'q' | 'state' | 'label'>;

/** Users by name, page by page, with how many of their clients are online. */
export const usersList = ({ q, state, label }: UsersFilter) =>
  infiniteQueryOptions({
    ...usersListInfiniteOptions({ query: { q, state, label, limit: pageSize } }),
    initialPageParam: {},
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });

/** One user, kept up to date while it is looked at. */
export const userNow = (user: User) =>
  queryOptions({
    ...usersGetOptions({ path: { id: user.id } }),
    initialData: user,
    refetchInterval: 10_000,
  });

/** Where the user is kept out for wrong passwords. */
export const userLoginBans = (id: string) =>
  queryOptions({ ...userLoginBansListOptions({ path: { id } }), refetchInterval: 10_000 });

/** The labels that users carry. */
export const usersLabels = () => queryOptions({ ...usersLabelsOptions(), staleTime: 30_000 });

/** The users of a filter as a CSV file. */
export async function exportUsers({ q, state, label }: UsersFilter): Promise<string> {
  const { data } = await usersBatchExport({ query: { q, state, label }, parseAs: 'text' });
  return data;
}

async function refreshUsers(queryClient: QueryClient): Promise<void> {
  const ids = ['usersList', 'usersLabels', 'usersGet', 'userLoginBansList'];
  await Promise.all(ids.map((_id) => queryClient.invalidateQueries({ queryKey: [{ _id }] })));
}

/** Creates the credentials a client connects with. */
export function useCreateUser() {
  const queryClient = useQueryClient();
  return useMutation({ ...usersCreateMutation(), onSuccess: () => refreshUsers(queryClient) });
}

/** Changes a user; connections that no longer fit are ended before it answers. */
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

/** Changes many users. */
export function useBulkUsers() {
  const queryClient = useQueryClient();
  return useMutation({ ...usersBatchChangeMutation(), onSuccess: () => refreshUsers(queryClient) });
}

/** Takes in users from a file, or says what would become of it. */
export function useImportUsers() {
  const queryClient = useQueryClient();
  const onSuccess = ({ applied }: { applied: boolean }) => (applied ? refreshUsers(queryClient) : undefined);
  return useMutation({ ...usersBatchImportMutation(), onSuccess });
}

async function refreshLocks(queryClient: QueryClient): Promise<void> {
  await Promise.all([refreshUsers(queryClient), queryClient.invalidateQueries({ queryKey: [{ _id: 'bansList' }] })]);
}

/** Keeps out who comes by the name of a user, and takes that back; everywhere, or at one address. */
export function useLockMutations() {
  const queryClient = useQueryClient();
  const onSuccess = () => refreshLocks(queryClient);
  return {
    ban: useMutation({ ...bansCreateMutation(), onSuccess }),
    lift: useMutation({ ...bansLiftMutation(), onSuccess }),
    banFrom: useMutation({ ...userLoginBansCreateMutation(), onSuccess }),
    liftFrom: useMutation({ ...userLoginBansLiftMutation(), onSuccess }),
  };
}
