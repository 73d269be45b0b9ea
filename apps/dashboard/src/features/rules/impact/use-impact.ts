import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PolicyImpact } from '../../../shared/api/generated/types.gen.js';
import { reportError } from '../../../shared/report-error.js';
import type { Draft } from '../draft.js';
import { policyNumber } from '../policy-number.js';
import { type Progress, runImpact } from './run-impact.js';

/** What the draft would change for clients that are connected. */
export interface ImpactPreview {
  /** The last that is known; of an older draft while `isCurrent` is false. Null: none yet, or nothing to preview. */
  readonly impact: PolicyImpact | null;
  readonly isCurrent: boolean;
  readonly progress: Progress | null;
  readonly error: Error | null;
  readonly retry: () => void;
}

/** So long after the last edit the preview begins. */
const PAUSE_MS = 600;

/** Previews the draft after each pause in editing; an edit ends the preview that is under way. */
export function useImpact({ content, saved }: Draft, isWanted: boolean): ImpactPreview {
  const [settled] = useDebouncedValue(content, PAUSE_MS);
  const [progress, setProgress] = useState<Progress | null>(null);
  const query = useQuery({
    queryKey: ['rules', 'impact', saved.revision, policyNumber(settled)],
    queryFn: ({ signal }) => runImpact(settled, { signal, onProgress: setProgress }),
    enabled: isWanted && settled === content,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  });
  const isSettled = settled === content && !query.isFetching && !query.isPlaceholderData;
  return {
    impact: isWanted ? (query.data ?? null) : null,
    isCurrent: isSettled && query.data !== undefined,
    progress: query.isFetching ? progress : null,
    error: isSettled ? query.error : null,
    retry: () => {
      query.refetch().catch(reportError);
    },
  };
}
