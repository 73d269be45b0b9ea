import { useHotkeys } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import type { PolicyDoc } from '../../shared/api/generated/types.gen.js';
import { usePermission } from '../../shared/session/session.js';
import { useShortcuts } from '../../shared/keyboard/use-shortcuts.js';
import { ConflictBanner } from './conflict-banner.js';
import { ImportDialog } from './import-dialog.js';
import { ReviewDialog } from './review-dialog.js';
import { RuleList } from './rule-list.js';
import { RulesDock } from './rules-dock.js';
import { RulesEmpty } from './rules-empty.js';
import { RulesNotes } from './rules-notes.js';
import { RulesText } from './rules-text.js';
import { RulesToolbar } from './rules-toolbar.js';
import { useAccessTest } from './use-access-test.js';
import { useProblems } from './use-problems.js';
import { useRuleEditing } from './use-rule-editing.js';
import { type RulesDraft, useRulesDraft } from './use-rules-draft.js';
import { useRulesSearch } from './use-rules-search.js';
import { matchingRules } from './matching-rules.js';
import classes from './rules.module.css';

/** The editor over one draft: list, toolbar, dock and dialogs. */
export function RulesEditor({ live, operatorId }: { live: PolicyDoc; operatorId: string }) {
  const rulesDraft = useRulesDraft(live, operatorId);
  const { draft, dispatch, conflict } = rulesDraft;
  const isEditable = usePermission('policy:write');
  const [search, change] = useRulesSearch();
  const editing = useRuleEditing(draft, dispatch);
  const problems = useProblems(draft.content);
  const test = useAccessTest(draft);
  const [dialog, setDialog] = useState<'review' | 'import' | null>(null);
  const foundIds = useMemo(() => matchingRules(draft.content.rules, search.q), [draft.content.rules, search.q]);
  const review = () => {
    editing.actions.finish();
    setDialog('review');
  };
  const add = () => {
    // The form of a rule is a row of the table.
    if (search.view === 'text') change({ view: undefined });
    editing.actions.add(draft.content.rules.length);
  };
  useEditorKeys({ rulesDraft, isEditable, review, add });
  useShownRule(search.rule, editing.actions.show);
  const isEmpty = draft.content.rules.length === 0;
  return (
    <>
      {conflict && <ConflictBanner draft={draft} live={conflict} dispatch={dispatch} />}
      <RulesNotes isEditable={isEditable} isKept={rulesDraft.isKept} />
      <RulesToolbar
        rulesDraft={rulesDraft}
        found={search.q === undefined ? null : foundIds.size}
        onAdd={add}
        onImport={() => setDialog('import')}
        onReview={review}
      />
      <div className={classes.layout}>
        <div className={classes.main}>
          {isEmpty && (
            <RulesEmpty
              noMatch={draft.content.settings.noMatch}
              isEditable={isEditable}
              dispatch={dispatch}
              onImport={() => setDialog('import')}
            />
          )}
          {search.view === 'text' && !isEmpty ? (
            <RulesText draft={draft} />
          ) : (
            <RuleList
              content={draft.content}
              isEditable={isEditable}
              editing={editing}
              problems={problems.byRule}
              decidingId={test.decidingId}
              foundIds={foundIds}
              onDefault={(noMatch) => dispatch({ type: 'settings', patch: { noMatch } })}
            />
          )}
        </div>
        <RulesDock test={test} problems={problems} draft={draft} onShow={editing.actions.show} />
      </div>
      <ReviewDialog
        opened={dialog === 'review'}
        onClose={() => setDialog(null)}
        draft={draft}
        problems={problems}
        dispatch={dispatch}
      />
      <ImportDialog opened={dialog === 'import'} onClose={() => setDialog(null)} draft={draft} dispatch={dispatch} />
    </>
  );
}

interface EditorKeys {
  readonly rulesDraft: RulesDraft;
  readonly isEditable: boolean;
  readonly review: () => void;
  readonly add: () => void;
}

function useEditorKeys({ rulesDraft: { dispatch }, isEditable, review, add }: EditorKeys): void {
  useShortcuts(isEditable ? { n: add } : {});
  useHotkeys([
    ['mod+Z', () => isEditable && dispatch({ type: 'undo' })],
    ['mod+shift+Z', () => isEditable && dispatch({ type: 'redo' })],
    ['mod+Y', () => isEditable && dispatch({ type: 'redo' })],
  ]);
  // Saving is meant wherever the focus is, also in a field.
  useHotkeys([['mod+S', () => isEditable && review()]], []);
}

/** Brings the rule that the address names into view. */
function useShownRule(id: string | undefined, show: (id: string) => void): void {
  useEffect(() => {
    if (id !== undefined) show(id);
  }, [id, show]);
}
