import { useSyncExternalStore } from 'react';
import { serverOffsetMs } from '../../shared/api/server-time.js';

const MINUTE_MS = 60_000;

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | null = null;

/** What time it is at the server, renewed every minute for all who ask: fine enough for rules that end, and cheap enough for whole policies. */
export function useMinute(): number {
  return useSyncExternalStore(subscribe, read) + serverOffsetMs();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, MINUTE_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
  };
}

function read(): number {
  if (timer === null && Date.now() - now > MINUTE_MS) now = Date.now();
  return now;
}
