import { Button, Group, Modal } from '@mantine/core';
import { formatAclConf, moveRules, newRuleId, type Rule } from '@perch/policy';
import { type Dispatch, useState } from 'react';
import { copyText } from '../../shared/ui/copy-text.js';
import { notifyDone, notifyError, notifyUndo } from '../../shared/ui/notify.js';
import { uiTexts } from '../../shared/ui/texts.js';
import type { DraftAction, PolicyContent, RulePatch } from './draft.js';
import { PositionForm } from './position-form.js';
import { rulesTexts } from './texts.js';
import type { RuleSelection } from './use-rule-selection.js';
import classes from './rules.module.css';

const texts = rulesTexts.bulk;

interface BulkBarProps {
  readonly selection: RuleSelection;
  readonly content: PolicyContent;
  readonly dispatch: Dispatch<DraftAction>;
  /** Gives a rule the focus, once the bar is gone. */
  readonly onShow: (id: string) => void;
}

/** What can be done to all selected rules at once; each is one step that can be taken back. */
export function BulkBar({ selection, content, dispatch, onShow }: BulkBarProps) {
  const [isPlacing, setPlacing] = useState(false);
  const { rules } = content;
  const selected = rules.filter(({ id }) => selection.has(id));
  const replace = (changed: readonly Rule[]) => dispatch({ type: 'replace', rules: changed });
  const patch = (change: RulePatch) =>
    replace(rules.map((rule) => (selection.has(rule.id) ? { ...rule, ...change } : rule)));
  const remove = () => {
    const removed = rules.flatMap((rule, at) => (selection.has(rule.id) ? [{ at, rule }] : []));
    const staying = rules.filter(({ id }) => !selection.has(id));
    replace(staying);
    leave(staying[removed[0]?.at ?? 0] ?? staying.at(-1));
    notifyUndo(texts.deleted(removed.length), () => dispatch({ type: 'putBack', removed }));
  };
  const leave = (next: Rule | undefined) => {
    selection.clear();
    if (next) onShow(next.id);
  };
  const duplicate = () => {
    const last = rules.findLastIndex(({ id }) => selection.has(id));
    const copies = selected.map((rule) => ({ ...rule, id: newRuleId() }));
    replace(rules.toSpliced(last + 1, 0, ...copies));
  };
  const actions: readonly [label: string, run: () => void][] = [
    [texts.enable, () => patch({ enabled: true })],
    [texts.disable, () => patch({ enabled: false })],
    [texts.enforce, () => patch({ mode: 'enforce' })],
    [texts.shadow, () => patch({ mode: 'shadow' })],
    [texts.move, () => setPlacing(true)],
    [texts.duplicate, duplicate],
    [texts.copy, () => copyRules(selected, content)],
    [texts.delete, remove],
    [texts.clear, () => leave(selected[0])],
  ];
  return (
    <div className={classes.bulk} role="toolbar" aria-label={texts.label}>
      <strong role="status">{texts.selected(selected.length)}</strong>
      <Group gap={4}>
        {actions.map(([label, run]) => (
          <Button key={label} variant="default" size="compact-sm" onClick={run}>
            {label}
          </Button>
        ))}
      </Group>
      <Modal
        opened={isPlacing}
        onClose={() => setPlacing(false)}
        title={texts.moveTitle(selected.length)}
        closeButtonProps={{ 'aria-label': uiTexts.close }}
        size="sm"
      >
        <PositionForm
          index={rules.findIndex(({ id }) => selection.has(id))}
          total={rules.length - selected.length + 1}
          onMove={(to) => {
            setPlacing(false);
            replace(moveRules(rules, selection.ids, to));
          }}
        />
      </Modal>
    </div>
  );
}

/** Puts the rules on the clipboard as acl.conf lines, as they can be pasted into a list again. */
function copyRules(rules: readonly Rule[], { settings }: PolicyContent): void {
  const text = formatAclConf({ rules, settings });
  copyText(text).then(
    () => notifyDone(texts.copied(rules.length)),
    (error: unknown) => notifyError(texts.notCopied, error instanceof Error ? error : new Error(String(error))),
  );
}
