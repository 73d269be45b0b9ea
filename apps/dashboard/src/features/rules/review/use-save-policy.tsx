import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import type { Dispatch } from 'react';
import { ApiError } from '../../../shared/api/api-error.js';
import type { PolicyChange, PolicyDoc } from '../../../shared/api/generated/types.gen.js';
import { reportError } from '../../../shared/report-error.js';
import { notifyDone, notifyError, notifyUndo } from '../../../shared/ui/notify.js';
import type { Draft, DraftAction, SavedPolicy } from '../draft.js';
import { livePolicyKey, policyRevisionsKey, savePolicy, type SaveWishes } from '../queries.js';
import { reviewTexts as texts } from './texts.js';

/** Saves the draft as the next revision. Done is told with an Undo, which saves the former rules again. */
export function useSavePolicy(draft: Draft, dispatch: Dispatch<DraftAction>, onSaved: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (wishes: SaveWishes) =>
      savePolicy({ content: draft.content, revision: draft.saved.revision, ...wishes }),
    onSuccess: (change) => {
      takeOver(queryClient, change);
      dispatch({ type: 'rebase', saved: change, content: null });
      onSaved();
      tellSaved(change, () => undo(queryClient, draft.saved, change.revision));
    },
    onError: (error) => {
      if (!(error instanceof ApiError) || error.status !== 412) return;
      // The banner explains it as soon as the other revision is here.
      onSaved();
      queryClient.invalidateQueries({ queryKey: livePolicyKey() }).catch(reportError);
    },
  });
}

function takeOver(queryClient: QueryClient, { lost: _lost, ...doc }: PolicyChange): void {
  queryClient.setQueryData<PolicyDoc>(livePolicyKey(), doc);
  queryClient.invalidateQueries({ queryKey: policyRevisionsKey() }).catch(reportError);
}

function tellSaved({ revision, lost }: PolicyChange, undoSave: () => void): void {
  notifyUndo(`${texts.live(revision)}, ${texts.lost(lost.subscriptions, lost.wills, lost.clients)}`, undoSave);
}

function undo(queryClient: QueryClient, former: SavedPolicy, revision: number): void {
  const message = texts.undoMessage(revision);
  savePolicy({ content: former, revision, message, existing: 'silent' }).then(
    (change) => {
      takeOver(queryClient, change);
      notifyDone(texts.undone(change.revision));
    },
    (error: unknown) => notifyError(texts.undoFailed, error instanceof Error ? error : new Error(String(error))),
  );
}
