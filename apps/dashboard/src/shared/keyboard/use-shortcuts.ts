import { useLocalStorage } from '@mantine/hooks';
import { useEffect, useRef } from 'react';

const sequenceTimeoutMs = 1200;

/** Whether single-key shortcuts are on; kept in this browser. WCAG 2.1.4 asks for a way to switch them off. */
export function useShortcutsEnabled() {
  return useLocalStorage({ key: 'perch-shortcuts', defaultValue: true, getInitialValueInEffect: false });
}

/** Whether a key pressed here is text for somebody else. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input, textarea, select');
}

/** Whether something is open in front of the page: what the page does by keys is not meant then. */
export function isDialogOpen(): boolean {
  return document.querySelector('[aria-modal="true"]') !== null;
}

/** Runs actions for single keys (`?`) and for sequences of two (`g c`), outside of inputs and dialogs. */
export function useShortcuts(actions: Readonly<Record<string, () => void>>): void {
  const [isEnabled] = useShortcutsEnabled();
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    if (!isEnabled) return;
    let first: { key: string; at: number } | null = null;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      if (isTyping(event.target) || isDialogOpen()) return;
      const isSequence = first !== null && event.timeStamp - first.at < sequenceTimeoutMs;
      const keys = isSequence ? `${first?.key} ${event.key}` : event.key;
      first = event.key === 'g' && !isSequence ? { key: 'g', at: event.timeStamp } : null;
      const action = latest.current[keys];
      if (!action) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [isEnabled]);
}
