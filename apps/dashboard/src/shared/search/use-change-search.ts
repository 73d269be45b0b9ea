import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { reportError } from '../report-error.js';

/** Changes what the address of a page says; `isStep` makes it a step that Back returns from. */
export type ChangeSearch<Search> = (patch: Partial<Search>, isStep?: boolean) => void;

/** How the page that is open changes what its address says. */
export function useChangeSearch<Search extends object>(): ChangeSearch<Search> {
  const navigate = useNavigate();
  return useCallback(
    (patch, isStep = false) => {
      navigate({
        to: '.',
        search: (before) => ({ ...before, ...patch }),
        replace: !isStep,
        resetScroll: false,
      }).catch(reportError);
    },
    [navigate],
  );
}
