import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { NewPasswordInput } from '../../shared/password/new-password-input.js';
import { MIN_OPERATOR_PASSWORD } from '../../shared/password/password-length.js';
import { type Role, RoleInput } from '../../shared/roles/role-input.js';
import { fieldError, FormProblem } from '../../shared/ui/form-problem.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { useCreateOperator } from './queries.js';
import { operatorsTexts } from './texts.js';

const shownFields = ['name', 'password'];

/** The form of a new operator. */
export function CreateOperatorForm({ onClose }: { onClose: () => void }) {
  const create = useCreateOperator();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      notifyDone(operatorsTexts.created(name.trim()));
      onClose();
    };
    create.mutate({ body: { name: name.trim(), password, role } }, { onSuccess });
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <TextInput
          label={operatorsTexts.name}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fieldError(create.error, 'name')}
          data-autofocus
          required
          withAsterisk={false}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
        <NewPasswordInput
          label={operatorsTexts.password}
          minLength={MIN_OPERATOR_PASSWORD}
          value={password}
          onChange={setPassword}
          error={fieldError(create.error, 'password')}
        />
        <RoleInput value={role} onChange={setRole} />
        <FormProblem error={create.error} shownFields={shownFields} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button
            type="submit"
            loading={create.isPending}
            disabled={name.trim() === '' || password.length < MIN_OPERATOR_PASSWORD}
          >
            {operatorsTexts.createSubmit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
