import { useSyncExternalStore } from 'react';
import { serverOffsetMs } from '../api/server-time.js';

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    if (document.hidden) return;
    now = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

function read(): number {
  if (timer === null) now = Date.now();
  return now;
}

/** What time it is at the server, renewed every second by one timer for the whole page. */
export function useNow(): number {
  return useLocalNow() + serverOffsetMs();
}

/** The same by the clock of this browser: for what it noted itself. */
export function useLocalNow(): number {
  return useSyncExternalStore(subscribe, read);
}
