import { Alert } from '@mantine/core';
import { ConflictBanner } from './merge/conflict-banner.js';
import { ShadowBanner } from './shadow/shadow-banner.js';
import { rulesTexts } from './texts.js';
import type { RulesDraft } from './use-rules-draft.js';

/** What an editor should know before the next edit. */
export function RulesNotes({ isEditable, rulesDraft }: { isEditable: boolean; rulesDraft: RulesDraft }) {
  const { draft, dispatch, conflict, isKept } = rulesDraft;
  return (
    <>
      {conflict && <ConflictBanner draft={draft} live={conflict} dispatch={dispatch} />}
      <ShadowBanner live={(conflict ?? draft.saved).revision} />
      {!isEditable && (
        <Alert color="accent" variant="light" py="xs">
          {rulesTexts.readOnly}
        </Alert>
      )}
      {!isKept && (
        <Alert color="warning" variant="light" py="xs">
          {rulesTexts.notStored}
        </Alert>
      )}
    </>
  );
}
