import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useLiveState } from '../../shared/live/live-context.js';
import { reportError } from '../../shared/report-error.js';
import { isSignedOut, sessionQuery } from '../../shared/session/session.js';

/** Leads to the log-in page as soon as the live connection is ended because the sign-in is, whatever the page asks for. */
export function useSessionEnd(): void {
  const { status } = useLiveState();
  const queryClient = useQueryClient();
  const router = useRouter();
  useEffect(() => {
    if (status !== 'signed-out') return;
    // The broker may have ended the connection for another reason: only the server knows who is signed in.
    queryClient
      .fetchQuery({ ...sessionQuery(), staleTime: 0 })
      .catch((error: unknown) => {
        if (!isSignedOut(error)) return;
        queryClient.removeQueries({ queryKey: sessionQuery().queryKey });
        return router.invalidate();
      })
      .catch(reportError);
  }, [status, queryClient, router]);
}
