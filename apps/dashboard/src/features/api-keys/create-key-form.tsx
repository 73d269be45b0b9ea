import { Button, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type Role, RoleInput } from '../../shared/roles/role-input.js';
import { serverNow } from '../../shared/api/server-time.js';
import { fieldError, FormProblem } from '../../shared/ui/form-problem.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { KeySecret } from './key-secret.js';
import { useCreateApiKey } from './queries.js';
import { apiKeysTexts } from './texts.js';

const dayMs = 86_400_000;
// As an array, because an object puts keys that look like numbers first.
const expiries = (['30', '90', '365', 'never'] as const).map((value) => ({
  value,
  label: apiKeysTexts.expiries[value],
}));

/** The form of a new key; afterwards the key, this one time. */
export function CreateKeyForm({ onClose }: { onClose: () => void }) {
  const create = useCreateApiKey();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [days, setDays] = useState<string>('90');
  if (create.data) return <KeySecret issued={create.data} onClose={onClose} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ body: { name: name.trim(), role, expiresAt: inDays(days) } });
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <TextInput
          label={apiKeysTexts.name}
          description={apiKeysTexts.nameHint}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fieldError(create.error, 'name')}
          data-autofocus
          required
          withAsterisk={false}
          autoComplete="off"
          spellCheck={false}
        />
        <RoleInput value={role} onChange={setRole} />
        <NativeSelect
          label={apiKeysTexts.expiry}
          description={days === 'never' ? apiKeysTexts.expiryHint : undefined}
          data={expiries}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
          error={fieldError(create.error, 'expiresAt')}
        />
        <FormProblem error={create.error} shownFields={['name', 'expiresAt']} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
            {apiKeysTexts.create}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function inDays(days: string): string | null {
  return days === 'never' ? null : new Date(serverNow() + Number(days) * dayMs).toISOString();
}
