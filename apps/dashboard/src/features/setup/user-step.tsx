import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { usersCreateMutation } from '../../shared/api/generated/@tanstack/react-query.gen.js';
import type { SnippetLogin } from '../../shared/connect/snippets.js';
import { fieldError, FormProblem } from '../../shared/ui/form-problem.js';
import { SecretOnce } from '../../shared/ui/secret-once.js';
import { setupTexts } from './texts.js';

const texts = setupTexts.user;

interface UserStepProps {
  /** Told of the user, whose password is known this one time. */
  readonly onCreated: (login: SnippetLogin) => void;
  readonly created: SnippetLogin | null;
  readonly onDone: () => void;
}

/** The credentials of the first device. The server makes the password: there is no default one. */
export function UserStep({ onCreated, created, onDone }: UserStepProps) {
  const [username, setUsername] = useState('device-1');
  const create = useMutation(usersCreateMutation());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(
      { body: { username: username.trim() } },
      {
        onSuccess: (user) =>
          onCreated({ username: user.username, password: user.generatedPassword ?? '', clientId: '' }),
      },
    );
  };
  if (created) {
    return (
      <Stack>
        <SecretOnce
          title={texts.created(created.username)}
          hint={texts.once}
          secrets={[
            { label: texts.username, value: created.username },
            { label: texts.password, value: created.password },
          ]}
        />
        <Group justify="flex-end">
          <Button onClick={onDone}>{setupTexts.next}</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={texts.username}
          description={texts.hint}
          value={username}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => setUsername(event.currentTarget.value)}
          error={fieldError(create.error, 'username')}
        />
        <FormProblem error={create.error} shownFields={['username']} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            {setupTexts.skip}
          </Button>
          <Button type="submit" loading={create.isPending} disabled={username.trim() === ''}>
            {texts.action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
