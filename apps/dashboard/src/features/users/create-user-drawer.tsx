import { Button, Drawer, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { generatePassword } from '../../shared/password/generate-password.js';
import { fieldError, FormProblem } from '../../shared/ui/form-problem.js';
import { SecretOnce } from '../../shared/ui/secret-once.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { UserPasswordInput } from './user-password-input.js';
import { useCreateUser } from './queries.js';
import { usersTexts } from './texts.js';

interface Credentials {
  readonly username: string;
  readonly password: string;
}

const shownFields = ['username', 'password', 'note'];

/** The form of a new user; afterwards its password, this one time. */
export function CreateUserDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title={usersTexts.createTitle}
      size={460}
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      <CreateUser onClose={onClose} />
    </Drawer>
  );
}

function CreateUser({ onClose }: { onClose: () => void }) {
  const [created, setCreated] = useState<Credentials | null>(null);
  if (created === null) return <UserForm onCreated={setCreated} onClose={onClose} />;
  return (
    <Stack>
      <SecretOnce
        title={usersTexts.createdTitle(created.username)}
        hint={usersTexts.once}
        secrets={[
          { label: usersTexts.username, value: created.username },
          { label: usersTexts.password, value: created.password },
        ]}
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={() => setCreated(null)}>
          {usersTexts.another}
        </Button>
        <Button onClick={onClose}>{usersTexts.done}</Button>
      </Group>
    </Stack>
  );
}

function UserForm({ onCreated, onClose }: { onCreated: (user: Credentials) => void; onClose: () => void }) {
  const create = useCreateUser();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState(generatePassword);
  const [note, setNote] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { username: username.trim(), password, note };
    create.mutate({ body }, { onSuccess: () => onCreated(body) });
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <TextInput
          label={usersTexts.username}
          description={usersTexts.usernameHint}
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
          error={fieldError(create.error, 'username')}
          classNames={{ input: 'perch-mono' }}
          data-autofocus
          required
          withAsterisk={false}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
        <UserPasswordInput value={password} onChange={setPassword} error={fieldError(create.error, 'password')} />
        <Textarea
          label={usersTexts.note}
          description={usersTexts.noteHint}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          error={fieldError(create.error, 'note')}
          maxLength={2000}
          autosize
          minRows={2}
        />
        <FormProblem error={create.error} shownFields={shownFields} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={create.isPending} disabled={username.trim() === ''}>
            {usersTexts.create}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
