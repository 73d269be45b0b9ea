import { Modal, Text } from '@mantine/core';
import type { User } from '../../shared/api/generated/types.gen.js';
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.js';
import { formatCount } from '../../shared/ui/format.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { CreateUserDrawer } from './create-user-drawer.js';
import { EditUserDrawer } from './edit-user-drawer.js';
import { useRemoveUser } from './queries.js';
import { ResetPasswordForm } from './reset-password-form.js';
import { usersTexts } from './texts.js';
import { draftOf } from './user-draft.js';

/** What is to be done with one user in a dialog. */
export interface UserTask {
  readonly kind: 'reset' | 'edit' | 'clone' | 'delete';
  readonly user: User;
}

/** The dialog of the task at hand, if there is one. */
export function UserDialog({ task, onClose }: { task: UserTask | null; onClose: () => void }) {
  if (task === null) return null;
  const { kind, user } = task;
  switch (kind) {
    case 'delete':
      return <DeleteUser user={user} onClose={onClose} />;
    case 'edit':
      return <EditUserDrawer user={user} onClose={onClose} />;
    case 'clone':
      return <CreateUserDrawer opened template={draftOf(user)} onClose={onClose} />;
    case 'reset':
      return <ResetPassword user={user} onClose={onClose} />;
  }
}

function ResetPassword({ user, onClose }: { user: User; onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={usersTexts.resetTitle(user.username)}
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      <ResetPasswordForm user={user} onClose={onClose} />
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
