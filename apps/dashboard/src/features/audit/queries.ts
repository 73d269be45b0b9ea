import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import {
  auditGetRetentionOptions,
  auditListInfiniteOptions,
  auditSetRetentionMutation,
  auditVerifyOptions,
} from '../../shared/api/generated/@tanstack/react-query.gen.js';
import type { AuditSearch } from './search.js';

const pageSize = 100;

/** What operators did, newest first, page by page. */
export const auditList = ({ operator, action, object, match, rule, result }: AuditSearch) =>
  infiniteQueryOptions({
    ...auditListInfiniteOptions({ query: { operator, action, object, match, rule, result, limit: pageSize } }),
    initialPageParam: {},
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });

/** Whether the log is as it was written; asked anew each time. */
export const auditReport = () => queryOptions({ ...auditVerifyOptions(), staleTime: 0, gcTime: 0 });

/** How long entries are kept. */
export const auditRetention = () => queryOptions(auditGetRetentionOptions());

/** Changes how long entries are kept. */
export function useSetRetention() {
  const queryClient = useQueryClient();
  return useMutation({
    ...auditSetRetentionMutation(),
    onSuccess: (retention) => queryClient.setQueryData(auditRetention().queryKey, retention),
  });
}
