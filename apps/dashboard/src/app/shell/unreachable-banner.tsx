import { IconPlugConnectedX } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { reportError } from '../../shared/report-error.js';
import { healthLive } from '../../shared/api/generated/sdk.gen.js';
import { useServerReachable } from '../../shared/api/reachability.js';
import { shellTexts } from './texts.js';
import classes from './shell.module.css';

const retryEveryMs = 3000;

/** Says that the server is away, asks for it every few seconds, and has everything read again when it is back. */
export function UnreachableBanner() {
  const isReachable = useServerReachable();
  const queryClient = useQueryClient();
  const wasReachable = useRef(true);
  useQuery({
    queryKey: ['server-alive'],
    // The answer itself makes the server reachable again.
    queryFn: ({ signal }) => healthLive({ signal }).then(() => true),
    enabled: !isReachable,
    retry: false,
    refetchInterval: retryEveryMs,
    refetchIntervalInBackground: true,
    staleTime: 0,
    gcTime: 0,
  });
  useEffect(() => {
    const isBack = isReachable && !wasReachable.current;
    wasReachable.current = isReachable;
    if (isBack) queryClient.invalidateQueries().catch(reportError);
  }, [isReachable, queryClient]);
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
