import { ActionIcon, Menu } from '@mantine/core';
import {
  IconBan,
  IconCopy,
  IconDots,
  IconHistory,
  IconKey,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconTrash,
} from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import type { User } from '../../shared/api/generated/types.gen.js';
import { reportError } from '../../shared/report-error.js';
import { usePermission } from '../../shared/session/session.js';
import { notifyDone, notifyError, notifyUndo } from '../../shared/ui/notify.js';
import { useUpdateUser } from './queries.js';
import { usersTexts } from './texts.js';
import type { UserTask } from './user-dialog.js';

const icon = { size: 16, 'aria-hidden': true } as const;

/** Everything that can be done with one user. */
export function UserMenu({ user, onTask }: { user: User; onTask: (task: UserTask) => void }) {
  const mayWrite = usePermission('users:write');
  const mayAudit = usePermission('audit:read');
  const mayBan = usePermission('clients:write');
  const router = useRouter();
  const setDisabled = useSetDisabled();
  const toAudit = () => {
    router.navigate({ to: '/audit', search: { object: `user/${user.username}`, match: 'exact' } }).catch(reportError);
  };
  const toBan = () => {
    router.navigate({ to: '/access/bans', search: { new: 'username', value: user.username } }).catch(reportError);
  };
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={28} aria-label={usersTexts.more(user.username)}>
          <IconDots {...icon} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {mayWrite && (
          <>
            <Menu.Item leftSection={<IconPencil {...icon} />} onClick={() => onTask({ kind: 'edit', user })}>
              {usersTexts.edit}
            </Menu.Item>
            <Menu.Item leftSection={<IconKey {...icon} />} onClick={() => onTask({ kind: 'reset', user })}>
              {usersTexts.reset}
            </Menu.Item>
            <Menu.Item leftSection={<IconCopy {...icon} />} onClick={() => onTask({ kind: 'clone', user })}>
              {usersTexts.clone}
            </Menu.Item>
            <Menu.Item
              leftSection={user.disabled ? <IconPlayerPlay {...icon} /> : <IconPlayerPause {...icon} />}
              onClick={() => setDisabled(user, !user.disabled)}
            >
              {user.disabled ? usersTexts.enable : usersTexts.disable}
            </Menu.Item>
          </>
        )}
        {mayBan && (
          <Menu.Item leftSection={<IconBan {...icon} />} onClick={toBan}>
            {usersTexts.ban}
          </Menu.Item>
        )}
        {mayAudit && (
          <Menu.Item leftSection={<IconHistory {...icon} />} onClick={toAudit}>
            {usersTexts.audit}
          </Menu.Item>
        )}
        {mayWrite && (
          <>
            <Menu.Divider />
            <Menu.Item
              color="danger"
              leftSection={<IconTrash {...icon} />}
              onClick={() => onTask({ kind: 'delete', user })}
            >
              {usersTexts.delete}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Disables or enables at once; the toast takes it back. */
function useSetDisabled() {
  const update = useUpdateUser();
  const setDisabled = ({ id }: User, disabled: boolean) => update.mutateAsync({ path: { id }, body: { disabled } });
  return (user: User, disabled: boolean) => {
    const failed = (error: Error) => notifyError(usersTexts.changeFailed(user.username), error);
    const words = (isDisabled: boolean) =>
      (isDisabled ? usersTexts.disabledDone : usersTexts.enabledDone)(user.username);
    const undo = () => {
      setDisabled(user, !disabled)
        .then(() => notifyDone(words(!disabled)))
        .catch(failed);
    };
    setDisabled(user, disabled)
      .then(() => notifyUndo(words(disabled), undo))
      .catch(failed);
  };
}
