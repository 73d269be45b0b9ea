import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  accessSettingsGetOptions,
  accessSettingsGetQueryKey,
  accessSettingsInvalidateMutation,
  accessSettingsReplaceMutation,
  accessSettingsStatusOptions,
  accessSettingsTryMutation,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';

const STATUS_EVERY_MS = 5_000;

/** Who may come in, as it is saved. */
export const accessSettings = () => queryOptions(accessSettingsGetOptions());

/** What each authenticator said so far. */
export const accessStatus = () => queryOptions({ ...accessSettingsStatusOptions(), refetchInterval: STATUS_EVERY_MS });

/** Saves all of it. */
export function useSaveAccess() {
  const queryClient = useQueryClient();
  return useMutation({
    ...accessSettingsReplaceMutation(),
    onSuccess: (doc) => {
      queryClient.setQueryData(accessSettingsGetQueryKey(), doc);
      return queryClient.invalidateQueries({ queryKey: [{ _id: 'accessSettingsStatus' }] });
    },
  });
}

/** Shows credentials to a draft. */
export function useTryAccess() {
  return useMutation(accessSettingsTryMutation());
}

/** Forgets what authenticators remember. */
export function useForgetAnswers() {
  return useMutation(accessSettingsInvalidateMutation());
}
