import { useCallback, useSyncExternalStore } from 'react';
import type { PresenceRow } from './presence-row.js';
import type { PresenceStore } from './presence-store.js';

/** One client of the store, painted anew whenever it changes; undefined when it is not known. */
export function usePresenceRow(store: PresenceStore, clientId: string): PresenceRow | undefined {
  const subscribe = useCallback((listener: () => void) => store.onRow(clientId, listener), [store, clientId]);
  useSyncExternalStore(subscribe, () => store.versionOf(clientId));
  return store.rows.get(clientId);
}
