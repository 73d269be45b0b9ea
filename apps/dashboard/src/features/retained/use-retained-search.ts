import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { reportError } from '../../shared/report-error.js';
import type { RetainedSearch } from './search.js';

/** Changes the address; `isStep` makes it a step that Back returns from. */
export type ChangeSearch = (patch: Partial<RetainedSearch>, isStep?: boolean) => void;

/** What the address says, and how to change it. */
export function useRetainedSearch(): [RetainedSearch, ChangeSearch] {
  const search = useSearch({ from: '/shell/retained' });
  const navigate = useNavigate({ from: '/retained' });
  const change = useCallback<ChangeSearch>(
    (patch, isStep = false) => {
      navigate({
        to: '/retained',
        search: (before) => ({ ...before, ...patch }),
        replace: !isStep,
        resetScroll: false,
      }).catch(reportError);
    },
    [navigate],
  );
  return [search, change];
}
