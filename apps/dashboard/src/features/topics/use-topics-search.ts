import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { reportError } from '../../shared/report-error.js';
import type { TopicsSearch } from './search.js';

/** Changes the address; `isStep` makes it a step that Back returns from. */
export type ChangeSearch = (patch: Partial<TopicsSearch>, isStep?: boolean) => void;

/** What the address says, and how to change it. */
export function useTopicsSearch(): [TopicsSearch, ChangeSearch] {
  const search = useSearch({ from: '/shell/topics' });
  const navigate = useNavigate({ from: '/topics' });
  const change = useCallback<ChangeSearch>(
    (patch, isStep = false) => {
      navigate({
        to: '/topics',
        search: (before) => ({ ...before, ...patch }),
        replace: !isStep,
        resetScroll: false,
      }).catch(reportError);
    },
    [navigate],
  );
  return [search, change];
}
