import { MutationCache, notifyManager, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.js';

const maxRetries = 2;

function shouldRetry(failures: number, error: Error): boolean {
  if (!(error instanceof ApiError)) return false;
  // A server that says it cannot now has waited for its database itself: who looks is told before ten seconds are over.
  const mayHelp = error.isUnreachable || (error.status >= 500 && error.status !== 503);
  return failures < maxRetries && mayHelp;
}

/** Meta of a query or mutation that asks or tells who is signed in: its 401 is an answer to whoever asked. */
export const asksSignIn = { asksSignIn: true } as const;

// A button that sends is shut before the next click of a double click arrives: by a timer, as is usual, it would be open.
notifyManager.setScheduler(queueMicrotask);

/** The cache of everything the server told us. `onSignedOut` is called when a call finds the sign-in ended. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const note = (error: Error, meta: Readonly<Record<string, unknown>> | undefined) => {
    const isSignedOut = error instanceof ApiError && error.status === 401;
    if (isSignedOut && meta?.['asksSignIn'] !== true) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => note(error, query.meta) }),
    mutationCache: new MutationCache({ onError: (error, ...[, , mutation]) => note(error, mutation.meta) }),
    defaultOptions: {
      // A broker on the local network is reachable while the browser believes itself offline.
      queries: { staleTime: 5_000, retry: shouldRetry, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
