import { Button, Group, Modal, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Operator } from '../../shared/api/generated/types.gen.js';
import { NewPasswordInput } from '../../shared/password/new-password-input.js';
import { MIN_OPERATOR_PASSWORD } from '../../shared/password/password-length.js';
import { RoleInput } from '../../shared/roles/role-input.js';
import { roleTexts } from '../../shared/roles/texts.js';
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.js';
import { fieldError, FormProblem } from '../../shared/ui/form-problem.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { useRemoveOperator, useResetFactor, useUpdateOperator } from './queries.js';
import { operatorsTexts } from './texts.js';

/** What is to be done with one operator in a dialog. */
export interface OperatorTask {
  readonly kind: 'role' | 'password' | 'factor' | 'delete';
  readonly operator: Operator;
}

interface TaskProps {
  readonly operator: Operator;
  readonly onClose: () => void;
}

/** The dialog of the task at hand, if there is one. */
export function OperatorDialog({ task, onClose }: { task: OperatorTask | null; onClose: () => void }) {
  if (task === null) return null;
  const { kind, operator } = task;
  if (kind === 'factor') return <ResetFactor operator={operator} onClose={onClose} />;
  if (kind === 'delete') return <DeleteOperator operator={operator} onClose={onClose} />;
  const title = kind === 'role' ? operatorsTexts.roleOf(operator.name) : operatorsTexts.resetTitle(operator.name);
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': uiTexts.close }}>
      {kind === 'role' ? (
        <RoleForm operator={operator} onClose={onClose} />
      ) : (
        <PasswordForm operator={operator} onClose={onClose} />
      )}
    </Modal>
  );
}

function RoleForm({ operator, onClose }: TaskProps) {
  const update = useUpdateOperator();
  const [role, setRole] = useState(operator.role);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      notifyDone(operatorsTexts.roleChanged(operator.name, roleTexts.roles[role].label));
      onClose();
    };
    update.mutate({ path: { id: operator.id }, body: { role } }, { onSuccess });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <RoleInput value={role} onChange={setRole} />
        <FormProblem error={update.error} />
        <FormButtons onClose={onClose} isPending={update.isPending} isReady={role !== operator.role} />
      </Stack>
    </form>
  );
}

function PasswordForm({ operator, onClose }: TaskProps) {
  const update = useUpdateOperator();
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      notifyDone(operatorsTexts.resetDone(operator.name));
      onClose();
    };
    update.mutate({ path: { id: operator.id }, body: { password } }, { onSuccess });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <NewPasswordInput
          label={operatorsTexts.password}
          minLength={MIN_OPERATOR_PASSWORD}
          value={password}
          onChange={setPassword}
          error={fieldError(update.error, 'password')}
        />
        <FormProblem error={update.error} shownFields={['password']} />
        <FormButtons
          onClose={onClose}
          isPending={update.isPending}
          isReady={password.length >= MIN_OPERATOR_PASSWORD}
        />
      </Stack>
    </form>
  );
}

function FormButtons({ onClose, isPending, isReady }: { onClose: () => void; isPending: boolean; isReady: boolean }) {
  return (
    <Group justify="flex-end" gap="xs">
      <Button variant="default" onClick={onClose}>
        {uiTexts.cancel}
      </Button>
      <Button type="submit" loading={isPending} disabled={!isReady}>
        {operatorsTexts.save}
      </Button>
    </Group>
  );
}

function ResetFactor({ operator, onClose }: TaskProps) {
  const reset = useResetFactor();
  const confirm = () => {
    const onSuccess = () => {
      notifyDone(operatorsTexts.resetFactorDone(operator.name));
      onClose();
    };
    reset.mutate({ path: { id: operator.id } }, { onSuccess });
  };
  return (
    <ConfirmDialog
      opened
      title={operatorsTexts.resetFactorTitle(operator.name)}
      action={operatorsTexts.resetFactorSubmit}
      onConfirm={confirm}
      onClose={onClose}
      isPending={reset.isPending}
      error={reset.error}
    >
      {operatorsTexts.resetFactorText}
    </ConfirmDialog>
  );
}

function DeleteOperator({ operator, onClose }: TaskProps) {
  const remove = useRemoveOperator();
  const confirm = () => {
    const onSuccess = () => {
      notifyDone(operatorsTexts.deleted(operator.name));
      onClose();
    };
    remove.mutate({ path: { id: operator.id } }, { onSuccess });
  };
  return (
    <ConfirmDialog
      opened
      title={operatorsTexts.deleteTitle(operator.name)}
      action={operatorsTexts.deleteSubmit}
      onConfirm={confirm}
      onClose={onClose}
      isPending={remove.isPending}
      error={remove.error}
    >
      {operatorsTexts.deleteText}
    </ConfirmDialog>
  );
}
