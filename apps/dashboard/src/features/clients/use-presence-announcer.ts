import { useEffect, useState } from 'react';
import type { PresenceChanges, PresenceStore } from './presence-store.js';
import { clientsTexts } from './texts.js';

/** Screen readers hear of changes at most this often. */
const ANNOUNCE_INTERVAL_MS = 10_000;

/** A sentence on who came and went, renewed at most every ten seconds. */
export function usePresenceAnnouncement(store: PresenceStore): string {
  const [sentence, setSentence] = useState('');
  useEffect(() => {
    let connected = 0;
    let disconnected = 0;
    const count = ({ changed }: PresenceChanges) => {
      for (const row of changed) {
        // What a snapshot brought is not news, and the end of a session is nobody's going.
        if (row.eventSeq === 0 || !row.hasTurned) continue;
        if (row.online) connected += 1;
        else disconnected += 1;
      }
    };
    const stop = store.onCommit(count);
    const timer = setInterval(() => {
      if (connected + disconnected === 0) return;
      setSentence(clientsTexts.announce(connected, disconnected));
      connected = 0;
      disconnected = 0;
    }, ANNOUNCE_INTERVAL_MS);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [store]);
  return sentence;
}
