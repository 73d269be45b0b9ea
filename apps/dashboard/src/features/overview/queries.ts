import { queryOptions } from '@tanstack/react-query';
import { policyRevisionsListOptions, statsGetOptions } from '../../shared/api/generated/@tanstack/react-query.gen.js';

/** The counters of the broker and their last 15 minutes. */
export const stats = () => queryOptions({ ...statsGetOptions(), refetchInterval: 5_000, staleTime: 500 });

/** The newest revision of the policy. */
export const latestRevision = () =>
  queryOptions({ ...policyRevisionsListOptions({ query: { limit: 1 } }), refetchInterval: 30_000 });
