import { IconPlugConnectedX } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { reportError } from '../../shared/report-error.js';
import { noteReachable, useServerReachable } from '../../shared/api/reachability.js';
import { shellTexts } from './texts.js';
import classes from './shell.module.css';

const retryEveryMs = 3000;

async function isServerAlive(): Promise<boolean> {
  const response = await fetch('/health/live', { cache: 'no-store' }).catch(() => undefined);
  return response?.ok ?? false;
}

/** Says that the server is away, asks for it every few seconds, and has everything read again when it is back. */
export function UnreachableBanner() {
  const isReachable = useServerReachable();
  const queryClient = useQueryClient();
  const probe = useQuery({
    queryKey: ['server-alive'],
    queryFn: isServerAlive,
    enabled: !isReachable,
    refetchInterval: retryEveryMs,
    refetchIntervalInBackground: true,
    staleTime: 0,
    gcTime: 0,
  });
  const isBack = !isReachable && probe.data === true;
  useEffect(() => {
    if (!isBack) return;
    noteReachable(true);
    queryClient.invalidateQueries().catch(reportError);
  }, [isBack, queryClient]);
  return (
    <div role="status">
      {!isReachable && (
        <div className={classes.banner}>
          <IconPlugConnectedX size={18} aria-hidden />
          {shellTexts.unreachable}
        </div>
      )}
    </div>
  );
}
