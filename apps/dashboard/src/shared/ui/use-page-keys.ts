import { useLocalStorage } from '@mantine/hooks';
import { useEffect, useRef } from 'react';

/** Runs a page's single-key actions (`.`, `j`), outside of inputs and dialogs, unless such keys are switched off. */
export function usePageKeys(actions: Readonly<Record<string, () => void>>): void {
  const [isEnabled] = useLocalStorage({ key: 'perch-shortcuts', defaultValue: true, getInitialValueInEffect: false });
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    if (!isEnabled) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector('[aria-modal="true"]')) return;
      const action = latest.current[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [isEnabled]);
}

/** Whether a key pressed here is text for somebody else. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
}
