import { type FocusEvent, type UIEvent, useRef } from 'react';

/** Whether somebody points at, works in or has scrolled an element: a list must not move under them then. */
export function useEngagement(onEngaged: ((isEngaged: boolean) => void) | undefined) {
  const signs = useRef({ isPointed: false, isFocused: false, isScrolled: false, wasEngaged: false });
  const note = (sign: Partial<typeof signs.current>) => {
    const now = { ...signs.current, ...sign };
    const isEngaged = now.isPointed || now.isFocused || now.isScrolled;
    if (isEngaged !== now.wasEngaged) onEngaged?.(isEngaged);
    signs.current = { ...now, wasEngaged: isEngaged };
  };
  return {
    onPointerEnter: () => note({ isPointed: true }),
    onPointerLeave: () => note({ isPointed: false }),
    onFocus: () => note({ isFocused: true }),
    onBlur: (event: FocusEvent<HTMLElement>) => {
      if (!event.currentTarget.contains(event.relatedTarget)) note({ isFocused: false });
    },
    onScroll: (event: UIEvent<HTMLElement>) => note({ isScrolled: event.currentTarget.scrollTop > 0 }),
  };
}
