import { ActionIcon, Button, Menu, SegmentedControl, Tooltip } from '@mantine/core';
import { diffPolicies, formatAclConf } from '@perch/policy';
import { IconArrowBackUp, IconArrowForwardUp, IconPlus } from '@tabler/icons-react';
import { useMemo } from 'react';
import { FilterInput } from '../../shared/ui/filter-input.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { notifyUndo } from '../../shared/ui/notify.js';
import { downloadText } from '../../shared/download.js';
import type { Draft } from './draft.js';
import { rulesTexts } from './texts.js';
import type { RulesDraft } from './use-rules-draft.js';
import { useRulesSearch } from './use-rules-search.js';
import classes from './rules.module.css';

interface RulesToolbarProps {
  readonly rulesDraft: RulesDraft;
  /** How many rules the search found; null without a search. */
  readonly found: number | null;
  readonly onAdd: () => void;
  readonly onImport: () => void;
  readonly onReview: () => void;
}

/** What can be done with the draft as a whole. */
export function RulesToolbar({ rulesDraft, found, onAdd, onImport, onReview }: RulesToolbarProps) {
  const [search, change] = useRulesSearch();
  const { draft, isDirty } = rulesDraft;
  return (
    <div className={classes.toolbar} role="toolbar" aria-label={rulesTexts.title}>
      <PermittedButton
        permission="policy:write"
        variant="default"
        px="sm"
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={onAdd}
      >
        {rulesTexts.add}
      </PermittedButton>
      <FilterInput
        label={rulesTexts.search}
        value={search.q ?? ''}
        onChange={(q) => change({ q: q || undefined })}
        width={160}
      />
      {found !== null && <span className={classes.dim}>{rulesTexts.matching(found)}</span>}
      <SegmentedControl
        aria-label={rulesTexts.view}
        value={search.view ?? 'table'}
        data={[
          { value: 'table', label: rulesTexts.table },
          { value: 'text', label: rulesTexts.text },
        ]}
        onChange={(view) => change({ view: view === 'text' ? view : undefined })}
      />
      <span className={classes.spacer} />
      <DraftState rulesDraft={rulesDraft} />
      <PermittedButton permission="policy:write" variant="default" px="sm" onClick={onImport}>
        {rulesTexts.import}
      </PermittedButton>
      <ExportMenu draft={draft} />
      <PermittedButton
        permission="policy:write"
        disabledReason={isDirty ? null : rulesTexts.nothingToSave}
        onClick={onReview}
      >
        {rulesTexts.save}
      </PermittedButton>
    </div>
  );
}

function DraftState({ rulesDraft: { draft, dispatch, isDirty } }: { rulesDraft: RulesDraft }) {
  const count = useMemo(() => diffPolicies(draft.saved, draft.content).count, [draft.saved, draft.content]);
  const discard = () => {
    dispatch({ type: 'discard' });
    notifyUndo(rulesTexts.discarded, () => dispatch({ type: 'undo' }));
  };
  return (
    <>
      <span className={isDirty ? classes.dirty : classes.dim} role="status">
        {isDirty ? rulesTexts.unsaved(count) : rulesTexts.allSaved}
      </span>
      <StepButton label={rulesTexts.undo} isOn={draft.past.length > 0} onClick={() => dispatch({ type: 'undo' })}>
        <IconArrowBackUp size={18} aria-hidden />
      </StepButton>
      <StepButton label={rulesTexts.redo} isOn={draft.future.length > 0} onClick={() => dispatch({ type: 'redo' })}>
        <IconArrowForwardUp size={18} aria-hidden />
      </StepButton>
      {isDirty && (
        <Button variant="subtle" color="gray" px="xs" onClick={discard}>
          {rulesTexts.discard}
        </Button>
      )}
    </>
  );
}

function StepButton(props: { label: string; isOn: boolean; onClick: () => void; children: React.ReactNode }) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon variant="default" size={34} aria-label={props.label} disabled={!props.isOn} onClick={props.onClick}>
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}

function ExportMenu({ draft: { content, saved } }: { draft: Draft }) {
  const { revision } = saved;
  const exportJson = () =>
    downloadText(`perch-rules-${revision}.json`, JSON.stringify({ revision, ...content }, null, 2), 'application/json');
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" px="sm">
          {rulesTexts.export}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => downloadText('acl.conf', formatAclConf(content, { revision }), 'text/plain')}>
          {rulesTexts.exportAcl}
        </Menu.Item>
        <Menu.Item onClick={exportJson}>{rulesTexts.exportJson}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
