import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Policy } from '@perch/policy';
import type { Dispatch } from 'react';
import { policyShadowStart, policyShadowStop } from '../../../shared/api/generated/sdk.gen.js';
import type { PolicyShadow } from '../../../shared/api/generated/types.gen.js';
import { notifyDone, notifyError } from '../../../shared/ui/notify.js';
import type { Draft, DraftAction } from '../draft.js';
import { policyInput } from '../policy-input.js';
import { shadowReport, shadowState, useReadRevision } from '../queries.js';
import { shadowTexts as texts } from './texts.js';

/** A whole policy that is judged beside the live one. */
export type ShadowDraft = NonNullable<PolicyShadow['draft']>;

/** Has a draft judged beside the live rules, in place of any other. */
export function useStartShadow() {
  const forget = useForgetShadow();
  return useMutation({
    mutationFn: ({ policy, note }: { policy: Policy; note: string }) =>
      policyShadowStart({ body: { ...policyInput(policy), note } }),
    onSuccess: () => {
      notifyDone(texts.started);
      return forget();
    },
  });
}

/** Ends the judging of a draft. */
export function useStopShadow(onDone: () => void) {
  const forget = useForgetShadow();
  return useMutation({
    mutationFn: () => policyShadowStop(),
    onSuccess: async () => {
      await forget();
      onDone();
      notifyDone(texts.stopped);
    },
  });
}

function useForgetShadow(): () => Promise<unknown> {
  const client = useQueryClient();
  return () =>
    Promise.all([shadowState(), shadowReport()].map(({ queryKey }) => client.invalidateQueries({ queryKey })));
}

/** Makes what is judged the draft, on top of the revision that it was made for: what was saved since is merged as ever. */
export function useTakeShadow(
  { saved, content }: Draft,
  dispatch: Dispatch<DraftAction>,
): (shadow: ShadowDraft) => void {
  const read = useReadRevision();
  return ({ rules, settings, basedOn }) => {
    const take = (base: Draft['saved']) => {
      dispatch({ type: 'rebase', saved: base, content: { rules, settings, tests: content.tests } });
      notifyDone(texts.taken);
    };
    if (basedOn === saved.revision) return take(saved);
    read(basedOn).then(take, (error: unknown) =>
      notifyError(texts.notTaken, error instanceof Error ? error : new Error(String(error))),
    );
  };
}
