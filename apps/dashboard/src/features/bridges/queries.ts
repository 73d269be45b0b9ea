import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  bridgesListOptions,
  bridgesListQueryKey,
  bridgesTestMutation,
  settingsListOptions,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';

const refreshMs = 2_000;

/** What the bridges are doing. */
export const bridgesList = () => queryOptions({ ...bridgesListOptions(), refetchInterval: refreshMs });

/** Where bridges are set: which file, variable or flag; null for nowhere. */
export const bridgesPlace = () =>
  queryOptions({
    ...settingsListOptions(),
    select: ({ items }) => items.find(({ key }) => key === 'bridges')?.place ?? null,
  });

/** Sends a test event over a bridge. */
export function useTestBridge() {
  const queryClient = useQueryClient();
  return useMutation({
    ...bridgesTestMutation(),
    onSettled: () => queryClient.invalidateQueries({ queryKey: bridgesListQueryKey() }),
  });
}
