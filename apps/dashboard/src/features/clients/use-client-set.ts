import { skipToken, useQuery } from '@tanstack/react-query';
import { clientSet, type SetFilter } from './queries.js';

/** Whom the filters mean that only the server can judge; null in `ids` where there is no such filter. */
export interface ClientSetState {
  readonly ids: ReadonlySet<string> | null;
  readonly isLoading: boolean;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

/** Asks the server whom these filters mean, again and again while somebody looks. */
export function useClientSet(filter: SetFilter): ClientSetState {
  const isAsked = Object.values(filter).some((value) => value !== undefined);
  const options = clientSet(filter);
  const { data, error, isLoading, refetch } = useQuery(isAsked ? options : { ...options, queryFn: skipToken });
  return { ids: isAsked ? (data ?? null) : null, isLoading, error: isAsked && !data ? error : null, refetch };
}
