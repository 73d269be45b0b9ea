import { useMutation, useQueryClient } from '@tanstack/react-query';
import { backupPlanMutation, backupRestoreMutation } from '../../shared/api/generated/@tanstack/react-query.gen.js';
import { client } from '../../shared/api/generated/client.gen.js';

/** Says what a restore would do. */
export function usePlanRestore() {
  return useMutation(backupPlanMutation());
}

/** Does it. Whatever the pages hold may be another thing then: what is not on the screen is forgotten, the rest read again. */
export function useRestore() {
  const queryClient = useQueryClient();
  return useMutation({
    ...backupRestoreMutation(),
    onSuccess: () => {
      queryClient.removeQueries({ type: 'inactive' });
      return queryClient.invalidateQueries();
    },
  });
}

/** Where the browser fetches a backup itself: however large it is, nothing of it is held here. */
export function backupAddress(withSecrets: boolean): string {
  return `${client.getConfig().baseUrl ?? ''}/api/v1/backup?secrets=${withSecrets}`;
}
