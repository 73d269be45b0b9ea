import { useEffect } from 'react';
import { takeBackNewest } from '../ui/notify.js';
import { isTyping } from './use-shortcuts.js';

/**
 * ⌘Z takes back what the newest message offers to, wherever the focus is: a message does not wait until somebody has
 * tabbed to it. An editor that has steps of its own comes first, and says so by `preventDefault`.
 */
export function useUndoKey(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isUndo = (event.metaKey || event.ctrlKey) && !event.shiftKey && event.key.toLowerCase() === 'z';
      if (!isUndo || event.defaultPrevented || isTyping(event.target)) return;
      if (takeBackNewest()) event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
