import { Button, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { type Role, RoleInput } from '../../shared/roles/role-input.js';
import { fieldError, FormProblem } from '../../shared/ui/form-problem.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { operatorsTexts } from './texts.js';

interface NewOperatorFormProps {
  /** Above the fields. */
  readonly intro?: ReactNode;
  /** What else is asked, between the name and the role. */
  readonly children?: ReactNode;
  readonly shownFields: readonly string[];
  readonly request: { readonly error: Error | null; readonly isPending: boolean };
  readonly isReady?: boolean;
  readonly action: string;
  readonly onSubmit: (who: { readonly name: string; readonly role: Role }) => void;
  readonly onClose: () => void;
}

/** Asks for the name and the role of somebody new. */
export function NewOperatorForm(props: NewOperatorFormProps) {
  const { intro, children, shownFields, request, isReady = true, action, onSubmit, onClose } = props;
  const [typed, setTyped] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const name = typed.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit({ name, role });
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        {intro}
        <TextInput
          label={operatorsTexts.name}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          error={fieldError(request.error, 'name')}
          data-autofocus
          required
          withAsterisk={false}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
        {children}
        <RoleInput value={role} onChange={setRole} />
        <FormProblem error={request.error} shownFields={shownFields} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={request.isPending} disabled={name === '' || !isReady}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
