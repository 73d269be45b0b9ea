import { type Dispatch, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import { notifyDone } from '../../shared/ui/notify.js';
import { type Draft, type DraftAction, draftOf, draftReducer, isSameContent } from './draft.js';
import { DraftStorage } from './draft-storage.js';
import type { PolicyRevision } from './queries.js';
import { rulesTexts } from './texts.js';

const STORE_DELAY_MS = 300;

/** The draft of this operator, and whether another revision was saved meanwhile. */
export interface RulesDraft {
  readonly draft: Draft;
  readonly dispatch: Dispatch<DraftAction>;
  readonly isDirty: boolean;
  /** The revision that was saved by somebody else while this draft has changes. */
  readonly conflict: PolicyRevision | null;
  /** False when this browser cannot keep the draft. */
  readonly isKept: boolean;
}

/** Edits on top of the live rules that survive a reload, and follow the live rules as long as there are none. */
export function useRulesDraft(live: PolicyRevision, operatorId: string): RulesDraft {
  const storage = useMemo(() => new DraftStorage(operatorId), [operatorId]);
  const [{ initial, isRestored }] = useState(() => begin(live, storage));
  const [draft, dispatch] = useReducer(draftReducer, initial);
  const [isKept, setKept] = useState(true);
  const isDirty = useMemo(() => !isSameContent(draft.saved, draft.content), [draft.saved, draft.content]);
  const isBehind = live.revision > draft.saved.revision;

  useRestoredNotice(isRestored);
  useEffect(() => {
    if (isBehind && !isDirty) dispatch({ type: 'rebase', saved: live, content: null });
  }, [isBehind, isDirty, live]);
  useEffect(() => {
    const store = () => (isDirty ? setKept(storage.save(draft)) : storage.clear());
    const timer = setTimeout(store, STORE_DELAY_MS);
    window.addEventListener('pagehide', store);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pagehide', store);
    };
  }, [draft, isDirty, storage]);

  return { draft, dispatch, isDirty, conflict: isBehind && isDirty ? live : null, isKept };
}

function begin(live: PolicyRevision, storage: DraftStorage): { initial: Draft; isRestored: boolean } {
  const stored = storage.load();
  // A revision number beyond the live one means another database: that draft speaks of other rules.
  if (!stored || stored.saved.revision > live.revision || isSameContent(stored.content, live)) {
    return { initial: draftOf(live), isRestored: false };
  }
  const saved = stored.saved.revision === live.revision ? live : stored.saved;
  return { initial: draftReducer(draftOf(saved), { type: 'restore', content: stored.content }), isRestored: true };
}

function useRestoredNotice(isRestored: boolean): void {
  const isTold = useRef(false);
  useEffect(() => {
    if (!isRestored || isTold.current) return;
    isTold.current = true;
    notifyDone(rulesTexts.restored);
  }, [isRestored]);
}
