import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLiveTopic } from '../../shared/live/live-context.js';
import { PRESENCE_FILTER } from '../../shared/live/presence-event.js';
import { reportError } from '../../shared/report-error.js';
import { stats } from './queries.js';

/** Counters are read again this soon after somebody came or went, and not more often. */
const refetchPauseMs = 700;

/** The broker's counters: every few seconds, and within a second of any connect or disconnect. */
export function useLiveStats() {
  const queryClient = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLiveTopic(PRESENCE_FILTER, () => {
    if (timer.current !== undefined) return;
    timer.current = setTimeout(() => {
      timer.current = undefined;
      queryClient.invalidateQueries({ queryKey: stats().queryKey }).catch(reportError);
    }, refetchPauseMs);
  });
  return useQuery(stats());
}
