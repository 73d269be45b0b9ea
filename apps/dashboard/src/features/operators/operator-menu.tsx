import { ActionIcon, Menu } from '@mantine/core';
import {
  IconDevices,
  IconDots,
  IconKey,
  IconPlayerPause,
  IconPlayerPlay,
  IconShieldOff,
  IconTrash,
  IconUserSearch,
  IconUserShield,
} from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import type { Operator } from '../../shared/api/generated/types.gen.js';
import { reportError } from '../../shared/report-error.js';
import { usePermission } from '../../shared/session/session.js';
import { HistoryItem } from '../../shared/ui/history-item.js';
import { notifyDone, notifyError, notifyUndo } from '../../shared/ui/notify.js';
import type { OperatorTask } from './operator-dialog.js';
import { useUpdateOperator } from './queries.js';
import { operatorsTexts } from './texts.js';

interface OperatorMenuProps {
  readonly operator: Operator;
  /** Nobody could manage operators any more without this one. */
  readonly isLastAdmin: boolean;
  readonly onTask: (task: OperatorTask) => void;
  readonly onShowSessions: (operator: Operator) => void;
}

const icon = { size: 16, 'aria-hidden': true } as const;

/** Everything that can be done with one operator; the last active admin stays what it is. */
export function OperatorMenu({ operator, isLastAdmin, onTask, onShowSessions }: OperatorMenuProps) {
  const mayWrite = usePermission('operators:write');
  const router = useRouter();
  const setDisabled = useSetDisabled();
  const toAudit = () => {
    router.navigate({ to: '/audit', search: { operator: operator.name } }).catch(reportError);
  };
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={28} aria-label={operatorsTexts.more(operator.name)}>
          <IconDots {...icon} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {mayWrite && isLastAdmin && <Menu.Label style={{ textWrap: 'wrap' }}>{operatorsTexts.lastAdmin}</Menu.Label>}
        {mayWrite && (
          <>
            <Menu.Item
              leftSection={<IconUserShield {...icon} />}
              disabled={isLastAdmin}
              onClick={() => onTask({ kind: 'role', operator })}
            >
              {operatorsTexts.changeRole}
            </Menu.Item>
            <Menu.Item leftSection={<IconKey {...icon} />} onClick={() => onTask({ kind: 'password', operator })}>
              {operatorsTexts.reset}
            </Menu.Item>
            <Menu.Item
              leftSection={operator.disabled ? <IconPlayerPlay {...icon} /> : <IconPlayerPause {...icon} />}
              disabled={isLastAdmin}
              onClick={() => setDisabled(operator, !operator.disabled)}
            >
              {operator.disabled ? operatorsTexts.enable : operatorsTexts.disable}
            </Menu.Item>
          </>
        )}
        {mayWrite && operator.secondFactor && (
          <Menu.Item leftSection={<IconShieldOff {...icon} />} onClick={() => onTask({ kind: 'factor', operator })}>
            {operatorsTexts.resetFactor}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconDevices {...icon} />} onClick={() => onShowSessions(operator)}>
          {operatorsTexts.sessions}
        </Menu.Item>
        <Menu.Item leftSection={<IconUserSearch {...icon} />} onClick={toAudit}>
          {operatorsTexts.audit}
        </Menu.Item>
        <HistoryItem object={`operator/${operator.name}`} />
        {mayWrite && (
          <>
            <Menu.Divider />
            <Menu.Item
              color="danger"
              leftSection={<IconTrash {...icon} />}
              disabled={isLastAdmin}
              onClick={() => onTask({ kind: 'delete', operator })}
            >
              {operatorsTexts.delete}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Disables or enables at once; the toast takes it back. */
function useSetDisabled() {
  const update = useUpdateOperator();
  const setDisabled = ({ id }: Operator, disabled: boolean) => update.mutateAsync({ path: { id }, body: { disabled } });
  return (operator: Operator, disabled: boolean) => {
    const failed = (error: Error) => notifyError(operatorsTexts.changeFailed(operator.name), error);
    const words = (isDisabled: boolean) =>
      (isDisabled ? operatorsTexts.disabledDone : operatorsTexts.enabledDone)(operator.name);
    const undo = () => {
      setDisabled(operator, !disabled)
        .then(() => notifyDone(words(!disabled)))
        .catch(failed);
    };
    setDisabled(operator, disabled)
      .then(() => notifyUndo(words(disabled), undo))
      .catch(failed);
  };
}
