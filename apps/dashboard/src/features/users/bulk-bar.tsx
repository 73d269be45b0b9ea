import { Button, Group, Popover, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { BulkChange, BulkResult } from '../../shared/api/generated/types.gen.js';
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.js';
import { formatCount } from '../../shared/ui/format.js';
import { notifyDone, notifyError, notifyUndo } from '../../shared/ui/notify.js';
import { useBulkUsers } from './queries.js';
import { usersTexts } from './texts.js';
import type { UserSelection } from './use-user-selection.js';

const texts = usersTexts.bulk;

type Action = BulkChange['action'];
type Run = (change: Pick<BulkChange, 'action' | 'label'>) => void;

const opposite = { disable: 'enable', enable: 'disable', addLabel: 'removeLabel', removeLabel: 'addLabel' } as const;

interface BulkBarProps {
  readonly selection: UserSelection;
  /** How many users the filter means. */
  readonly total: number;
}

/** What can be done with all users that are chosen. Nothing while nobody is. */
export function BulkBar({ selection, total }: BulkBarProps) {
  const { run, isPending, isDeleting, setDeleting } = useBulk(selection);
  if (selection.count === 0) return null;
  const button = { variant: 'default', size: 'xs', disabled: isPending } as const;
  return (
    <Group gap="xs" role="toolbar" aria-label={texts.bar}>
      <Text size="sm" fw={500} aria-live="polite">
        {texts.selected(formatCount(selection.count))}
      </Text>
      {!selection.isAll && selection.count < total && (
        <Button variant="subtle" size="xs" onClick={selection.chooseAll}>
          {texts.allMatching(formatCount(total))}
        </Button>
      )}
      <Button {...button} onClick={() => run({ action: 'disable' })}>
        {texts.disable}
      </Button>
      <Button {...button} onClick={() => run({ action: 'enable' })}>
        {texts.enable}
      </Button>
      <LabelButton action="addLabel" onRun={run} isDisabled={isPending} />
      <LabelButton action="removeLabel" onRun={run} isDisabled={isPending} />
      <Button {...button} color="danger" variant="outline" onClick={() => setDeleting(true)}>
        {texts.delete}
      </Button>
      <Button variant="subtle" size="xs" onClick={selection.clear}>
        {texts.clear}
      </Button>
      <ConfirmDialog
        opened={isDeleting}
        title={texts.deleteTitle(formatCount(selection.count))}
        action={texts.deleteSubmit}
        typedName={String(selection.count)}
        onConfirm={() => run({ action: 'delete' })}
        onClose={() => setDeleting(false)}
        isPending={isPending}
      >
        {texts.deleteText}
      </ConfirmDialog>
    </Group>
  );
}

/** Changes all that are chosen, says how many that were, and takes it back where that can be done. */
function useBulk(selection: UserSelection) {
  const bulk = useBulkUsers();
  const [isDeleting, setDeleting] = useState(false);
  const failed = (error: Error) => notifyError(texts.failed, error);
  const takeBack = (action: keyof typeof opposite, { label, ids }: Pick<BulkChange, 'label' | 'ids'>) =>
    bulk.mutate(
      { body: { action: opposite[action], label, ids } },
      { onSuccess: ({ changed }) => notifyDone(texts.undone(formatCount(changed))), onError: failed },
    );
  const tell = (action: Action, label: string | undefined, { changed, changedIds, problems }: BulkResult) => {
    const [first] = problems;
    if (first) {
      const reason = new Error(`${first.username ?? first.id}: ${first.message}`);
      notifyError(texts.problems(formatCount(problems.length)), reason);
    }
    const message = texts.done[action](formatCount(changed));
    if (action === 'delete' || changed === 0) notifyDone(message);
    else notifyUndo(message, () => takeBack(action, { label, ids: changedIds }));
  };
  const run: Run = ({ action, label }) => {
    const onSuccess = (result: BulkResult) => {
      setDeleting(false);
      if (action === 'delete') selection.clear();
      tell(action, label, result);
    };
    bulk.mutate({ body: { action, label, ...selection.which } }, { onSuccess, onError: failed });
  };
  return { run, isPending: bulk.isPending, isDeleting, setDeleting };
}

function LabelButton({
  action,
  onRun,
  isDisabled,
}: {
  action: 'addLabel' | 'removeLabel';
  onRun: Run;
  isDisabled: boolean;
}) {
  const [isOpen, setOpen] = useState(false);
  const [label, setLabel] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onRun({ action, label: label.trim() });
    setLabel('');
    setOpen(false);
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus position="bottom-start">
      <Popover.Target>
        <Button variant="default" size="xs" disabled={isDisabled} onClick={() => setOpen(!isOpen)}>
          {texts[action]}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={texts[action]}>
        <form onSubmit={submit}>
          <Group gap="xs" align="end" wrap="nowrap">
            <TextInput
              label={texts.label}
              size="xs"
              value={label}
              onChange={(event) => setLabel(event.currentTarget.value)}
              maxLength={64}
              data-autofocus
              required
              withAsterisk={false}
            />
            <Button type="submit" size="xs" disabled={label.trim() === ''}>
              {usersTexts.save}
            </Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
