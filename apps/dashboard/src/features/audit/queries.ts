import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { auditListInfiniteOptions } from '../../shared/api/generated/@tanstack/react-query.gen.js';
import type { AuditSearch } from './search.js';

const pageSize = 100;

/** What operators did, newest first, page by page. */
export const auditList = ({ operator, action, object, result }: AuditSearch) =>
  infiniteQueryOptions({
    ...auditListInfiniteOptions({ query: { operator, action, object, result, limit: pageSize } }),
    initialPageParam: {},
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });
