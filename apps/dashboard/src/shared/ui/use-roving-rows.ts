import type { Virtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react';

type RowVirtualizer = Virtualizer<HTMLDivElement, Element>;

/** One row of a table is a tab stop; arrows, j and k, Home, End and the page keys move it, Enter opens it. */
export interface RovingRows {
  readonly current: number;
  readonly setCurrent: (index: number) => void;
  readonly open: (index: number) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  readonly attach: (virtualizer: RowVirtualizer, region: RefObject<HTMLDivElement | null>) => void;
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
  const parts = useRef<{ virtualizer: RowVirtualizer; region: RefObject<HTMLDivElement | null> } | null>(null);
  const latestOpen = useRef(onOpen);
  useEffect(() => {
    latestOpen.current = onOpen;
  });
  const open = useCallback((index: number) => latestOpen.current(index), []);

  const focusRow = (index: number) => {
    setCurrent(index);
    parts.current?.virtualizer.scrollToIndex(index);
    // The row may have to be mounted first.
    requestAnimationFrame(() => {
      parts.current?.region.current
        ?.querySelector<HTMLElement>(`[data-index="${index}"]`)
        ?.focus({ preventScroll: true });
    });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const target = event.target as HTMLElement;
    const isOnRow = target.getAttribute('role') === 'row';
    if (event.key === 'Enter' && isOnRow) return open(current);
    const step = steps[event.key];
    if (!step || count === 0 || target.closest('input, textarea, select')) return;
    event.preventDefault();
    focusRow(Math.min(Math.max(step(current, count - 1), 0), count - 1));
  };
  const attach: RovingRows['attach'] = (virtualizer, region) => {
    parts.current = { virtualizer, region };
  };
  return { current, setCurrent, open, onKeyDown, attach };
}
