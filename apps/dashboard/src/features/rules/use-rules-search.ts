import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { reportError } from '../../shared/report-error.js';
import type { RulesSearch } from './search.js';

/** What the address says, and how to change it. */
export function useRulesSearch(): [RulesSearch, (patch: Partial<RulesSearch>) => void] {
  const search = useSearch({ from: '/shell/access/rules' });
  const navigate = useNavigate({ from: '/access/rules' });
  const change = useCallback(
    (patch: Partial<RulesSearch>) => {
      navigate({
        to: '/access/rules',
        search: (before) => ({ ...before, ...patch }),
        replace: true,
        resetScroll: false,
      }).catch(reportError);
    },
    [navigate],
  );
  return [search, change];
}
