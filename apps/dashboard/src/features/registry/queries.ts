import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { registryListOptions } from '../../shared/api/generated/@tanstack/react-query.gen.js';
import type { RegistrySearch } from './search.js';

/** Leases last half a minute. */
const refreshMs = 2_000;

/** What is registered now. */
export const registryList = ({ q }: RegistrySearch) =>
  queryOptions({
    ...registryListOptions({ query: { q } }),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });
