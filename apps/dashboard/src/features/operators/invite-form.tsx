import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type Role, RoleInput } from '../../shared/roles/role-input.js';
import { fieldError, FormProblem } from '../../shared/ui/form-problem.js';
import { SecretOnce } from '../../shared/ui/secret-once.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { useInvite } from './queries.js';
import { operatorsTexts } from './texts.js';

/** Invites somebody; afterwards the link, this one time. */
export function InviteForm({ onClose }: { onClose: () => void }) {
  const invite = useInvite();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  if (invite.data) {
    const { invitation, path } = invite.data;
    return (
      <Stack>
        <SecretOnce
          title={operatorsTexts.invited(invitation.name)}
          hint={operatorsTexts.inviteHint}
          secrets={[{ label: operatorsTexts.link, value: `${window.location.origin}${path}` }]}
        />
        <Group justify="flex-end">
          <Button onClick={onClose}>{operatorsTexts.done}</Button>
        </Group>
      </Stack>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate({ body: { name: name.trim(), role } });
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <Text size="sm" c="dimmed">
          {operatorsTexts.inviteText}
        </Text>
        <TextInput
          label={operatorsTexts.name}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fieldError(invite.error, 'name')}
          data-autofocus
          required
          withAsterisk={false}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
        <RoleInput value={role} onChange={setRole} />
        <FormProblem error={invite.error} shownFields={['name']} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={invite.isPending} disabled={name.trim() === ''}>
            {operatorsTexts.inviteSubmit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
