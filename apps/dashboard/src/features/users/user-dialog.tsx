import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { User } from '../../shared/api/generated/types.gen.js';
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.js';
import { formatCount } from '../../shared/ui/format.js';
import { fieldError, FormProblem } from '../../shared/ui/form-problem.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { useRemoveUser, useUpdateUser } from './queries.js';
import { ResetPasswordForm } from './reset-password-form.js';
import { usersTexts } from './texts.js';

/** What is to be done with one user in a dialog. */
export interface UserTask {
  readonly kind: 'reset' | 'note' | 'delete';
  readonly user: User;
}

/** The dialog of the task at hand, if there is one. */
export function UserDialog({ task, onClose }: { task: UserTask | null; onClose: () => void }) {
  if (task === null) return null;
  const { kind, user } = task;
  if (kind === 'delete') return <DeleteUser user={user} onClose={onClose} />;
  const title = kind === 'reset' ? usersTexts.resetTitle(user.username) : usersTexts.editNoteTitle(user.username);
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': uiTexts.close }}>
      {kind === 'reset' ? (
        <ResetPasswordForm user={user} onClose={onClose} />
      ) : (
        <NoteForm user={user} onClose={onClose} />
      )}
    </Modal>
  );
}

function DeleteUser({ user, onClose }: { user: User; onClose: () => void }) {
  const remove = useRemoveUser();
  const isOnline = user.onlineClients > 0;
  const confirm = () => {
    const onSuccess = () => {
      notifyDone(usersTexts.deleted(user.username));
      onClose();
    };
    remove.mutate({ path: { id: user.id } }, { onSuccess });
  };
  return (
    <ConfirmDialog
      opened
      title={usersTexts.deleteTitle(user.username)}
      action={usersTexts.deleteSubmit}
      onConfirm={confirm}
      onClose={onClose}
      isPending={remove.isPending}
      error={remove.error}
      typedName={isOnline ? user.username : undefined}
    >
      <Text>{usersTexts.deleteText}</Text>
      {isOnline && (
        <Text mt="xs" fw={500}>
          {usersTexts.deleteOnline(formatCount(user.onlineClients))}
        </Text>
      )}
    </ConfirmDialog>
  );
}

function NoteForm({ user, onClose }: { user: User; onClose: () => void }) {
  const update = useUpdateUser();
  const [note, setNote] = useState(user.note);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    update.mutate({ path: { id: user.id }, body: { note } }, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Textarea
          label={usersTexts.note}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          error={fieldError(update.error, 'note')}
          maxLength={2000}
          autosize
          minRows={3}
          data-autofocus
        />
        <FormProblem error={update.error} shownFields={['note']} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={update.isPending}>
            {usersTexts.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
