import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';

/** One row of a table is a tab stop; arrows, j and k, Home, End and the page keys move it, Enter opens it. */
export interface RovingRows {
  readonly current: number;
  readonly setCurrent: (index: number) => void;
  readonly open: (index: number) => void;
  /** `focusRow` is to make the row the current one, and to give it the focus. */
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>, focusRow: (index: number) => void) => void;
}

const rowsPerPage = 12;

const steps: Readonly<Record<string, (current: number, last: number) => number>> = {
  ArrowDown: (current) => current + 1,
  j: (current) => current + 1,
  ArrowUp: (current) => current - 1,
  k: (current) => current - 1,
  PageDown: (current) => current + rowsPerPage,
  PageUp: (current) => current - rowsPerPage,
  Home: () => 0,
  End: (_current, last) => last,
};

/** The keyboard of a virtual table of `count` rows. */
export function useRovingRows(count: number, onOpen: (index: number) => void): RovingRows {
  const [wanted, setCurrent] = useState(0);
  const current = Math.min(wanted, Math.max(count - 1, 0));
  const latestOpen = useRef(onOpen);
  useEffect(() => {
    latestOpen.current = onOpen;
  });
  const open = useCallback((index: number) => latestOpen.current(index), []);

  const onKeyDown: RovingRows['onKeyDown'] = (event, focusRow) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const target = event.target as HTMLElement;
    const isOnRow = target.getAttribute('role') === 'row';
    if (event.key === 'Enter' && isOnRow) return open(current);
    const step = steps[event.key];
    if (!step || count === 0 || target.closest('input, textarea, select')) return;
    event.preventDefault();
    focusRow(Math.min(Math.max(step(current, count - 1), 0), count - 1));
  };
  return { current, setCurrent, open, onKeyDown };
}
