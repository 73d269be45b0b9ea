import { useHotkeys } from '@mantine/hooks';
import { type Dispatch, lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { usePermission } from '../../shared/session/session.js';
import { isDialogOpen, useShortcuts } from '../../shared/keyboard/use-shortcuts.js';
import { BlameDialog } from './history/blame-dialog.js';
import { BulkBar } from './bulk-bar.js';
import type { Draft, DraftAction } from './draft.js';
import { type ImpactPreview, useImpact } from './impact/use-impact.js';
import { matchingRules } from './matching-rules.js';
import type { PolicyRevision } from './queries.js';
import { RuleList } from './rule-list.js';
import { RulesDock, useDockTab } from './rules-dock.js';
import { RulesEmpty } from './rules-empty.js';
import { RulesNotes } from './rules-notes.js';
import { RulesText } from './rules-text.js';
import { RulesToolbar } from './rules-toolbar.js';
import { useAccessTest } from './simulator/use-access-test.js';
import { type TestResults, useTestResults } from './tests/use-test-results.js';
import { type Problems, useProblems } from './use-problems.js';
import { pasteRules } from './paste-rules.js';
import { useRuleSelection } from './use-rule-selection.js';
import { type RuleEditing, useRuleEditing } from './use-rule-editing.js';
import { type RulesDraft, useRulesDraft } from './use-rules-draft.js';
import { useRulesSearch } from './use-rules-search.js';
import classes from './rules.module.css';

/** The editor over one draft: list, toolbar, dock and dialogs. */
export function RulesEditor({ live, operatorId }: { live: PolicyRevision; operatorId: string }) {
  const rulesDraft = useRulesDraft(live, operatorId);
  const { draft, dispatch } = rulesDraft;
  const isEditable = usePermission('policy:write');
  const [search, change] = useRulesSearch();
  const editing = useRuleEditing(draft, dispatch);
  const problems = useProblems(draft.content);
  const test = useAccessTest(draft);
  const results = useTestResults(draft.content);
  const preview = useImpact(draft, rulesDraft.isDirty && problems.errorCount === 0);
  const { tab, isNarrow } = useDockTab();
  const showRule = (id: string) => {
    if (isNarrow) change({ tab: 'rules', rule: id });
    else editing.actions.show(id);
  };
  const [dialog, setDialog] = useState<'review' | 'import' | null>(null);
  const foundIds = useMemo(() => matchingRules(draft.content.rules, search.q), [draft.content.rules, search.q]);
  const paste = (text: string, at: number) => pasteRules({ text, at, dispatch });
  const openImport = () => setDialog('import');
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
  useShownRule(isNarrow && tab !== null ? undefined : search.rule, editing.actions.show);
  const selection = useRuleSelection(draft.content.rules);
  const isEmpty = draft.content.rules.length === 0;
  return (
    <>
      <RulesNotes isEditable={isEditable} rulesDraft={rulesDraft} />
      <RulesToolbar
        rulesDraft={rulesDraft}
        found={search.q === undefined ? null : foundIds.size}
        onAdd={add}
        onImport={openImport}
        onReview={review}
      />
      <div className={classes.layout} data-tool={tab ?? undefined}>
        <div className={classes.main}>
          {isEmpty && (
            <RulesEmpty noMatch={draft.content.settings.noMatch} {...{ isEditable, dispatch }} onImport={openImport} />
          )}
          {selection.ids.length > 0 && (
            <BulkBar {...{ selection, content: draft.content, dispatch }} onShow={editing.actions.show} />
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
              selection={selection}
              onPaste={paste}
              onDefault={(noMatch) => dispatch({ type: 'settings', patch: { noMatch } })}
            />
          )}
        </div>
        <RulesDock
          {...{ tab, test, problems, results, preview, draft, dispatch, isEditable }}
          isDirty={rulesDraft.isDirty}
          onShow={showRule}
        />
      </div>
      <EditorDialogs
        {...{ dialog, draft, problems, results, preview, dispatch, editing }}
        onClose={() => setDialog(null)}
      />
    </>
  );
}

interface EditorDialogsProps {
  readonly dialog: 'review' | 'import' | null;
  readonly onClose: () => void;
  readonly draft: Draft;
  readonly problems: Problems;
  readonly results: TestResults;
  readonly preview: ImpactPreview;
  readonly dispatch: Dispatch<DraftAction>;
  readonly editing: RuleEditing;
}

// Most who open the page read it.
const ReviewDialog = lazy(async () => ({ default: (await import('./review/review-dialog.js')).ReviewDialog }));
const ImportDialog = lazy(async () => ({ default: (await import('./importing/import-dialog.js')).ImportDialog }));

function EditorDialogs({ dialog, editing, ...rest }: EditorDialogsProps) {
  const [isUsed, setUsed] = useState(false);
  if (dialog !== null && !isUsed) setUsed(true);
  return (
    <>
      <Suspense>
        {isUsed && (
          <>
            <ReviewDialog opened={dialog === 'review'} {...rest} />
            <ImportDialog opened={dialog === 'import'} {...rest} />
          </>
        )}
      </Suspense>
      <BlameDialog ruleId={editing.blamedId} draft={rest.draft} onClose={editing.closeBlame} />
    </>
  );
}

interface EditorKeys {
  readonly rulesDraft: RulesDraft;
  readonly isEditable: boolean;
  readonly review: () => void;
  readonly add: () => void;
}

function useEditorKeys({ rulesDraft: { draft, dispatch }, isEditable, review, add }: EditorKeys): void {
  useShortcuts(isEditable ? { n: add } : {});
  // Without a step of the draft the key is left to the messages: the one that tells of a save offers to take it back.
  const undo = (event: KeyboardEvent) => {
    if (!isEditable || draft.past.length === 0 || isDialogOpen()) return;
    event.preventDefault();
    dispatch({ type: 'undo' });
  };
  const redo = () => {
    if (isEditable && !isDialogOpen()) dispatch({ type: 'redo' });
  };
  useHotkeys([
    ['mod+Z', undo, { preventDefault: false }],
    ['mod+shift+Z', redo],
    ['mod+Y', redo],
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
