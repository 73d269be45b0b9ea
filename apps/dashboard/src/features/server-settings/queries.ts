import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  authMeQueryKey,
  serverInfoQueryKey,
  settingsChangeMutation,
  settingsListCertificatesOptions,
  settingsListOptions,
  settingsListQueryKey,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';

/** Every setting of the server. */
export const settingsList = () => queryOptions(settingsListOptions());

/** The certificates of the listeners. */
export const certificateList = () => queryOptions(settingsListCertificatesOptions());

/** Saves changes, all or none. */
export function useChangeSettings() {
  const queryClient = useQueryClient();
  return useMutation({
    ...settingsChangeMutation(),
    onSuccess: (doc) => {
      queryClient.setQueryData(settingsListQueryKey(), doc);
      const told = [serverInfoQueryKey(), authMeQueryKey()]; // what one may do can be a setting, too
      return Promise.all(told.map((queryKey) => queryClient.invalidateQueries({ queryKey })));
    },
  });
}
