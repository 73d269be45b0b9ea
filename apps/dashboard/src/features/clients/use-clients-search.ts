import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { reportError } from '../../shared/report-error.js';
import type { ClientsSearch } from './search.js';

/** Changes the address; `isStep` makes it a step that Back returns from. */
export type ChangeSearch = (patch: Partial<ClientsSearch>, isStep?: boolean) => void;

/** What the address says, and how to change it. */
export function useClientsSearch(): [ClientsSearch, ChangeSearch] {
  const search = useSearch({ from: '/shell/clients' });
  const navigate = useNavigate({ from: '/clients' });
  const change = useCallback<ChangeSearch>(
    (patch, isStep = false) => {
      navigate({
        to: '/clients',
        search: (before) => ({ ...before, ...patch }),
        replace: !isStep,
        resetScroll: false,
      }).catch(reportError);
    },
    [navigate],
  );
  return [search, change];
}
