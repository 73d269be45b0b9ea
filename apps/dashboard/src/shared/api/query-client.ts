import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.js';

const maxRetries = 2;

function shouldRetry(failures: number, error: Error): boolean {
  if (!(error instanceof ApiError)) return false;
  return failures < maxRetries && (error.isUnreachable || error.status >= 500);
}

/** The cache of everything the server told us. `onSignedOut` is called when a call finds the sign-in ended. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof ApiError && error.status === 401) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({
      // The log-in page's own 401 means a wrong password, not an ended sign-in.
      onError: (error, ...[, , mutation]) => {
        if (mutation.meta?.['signsIn'] !== true) onError(error);
      },
    }),
    defaultOptions: {
      // A broker on the local network is reachable while the browser believes itself offline.
      queries: { staleTime: 5_000, retry: shouldRetry, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
