import { Button, Drawer, Group, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { fieldError, FormProblem } from '../../shared/ui/form-problem.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { type Credentials, CreatedUser } from './created-user.js';
import { PasswordChoice } from './password-choice.js';
import { useCreateUser } from './queries.js';
import { usersTexts } from './texts.js';
import { blankUser, newUserOf, type UserDraft } from './user-draft.js';
import { shownFields, UserFields } from './user-fields.js';

interface CreateUserDrawerProps {
  readonly opened: boolean;
  /** What the form begins with; a blank user where nothing is to be cloned. */
  readonly template?: UserDraft;
  readonly onClose: () => void;
}

/** The form of a new user; afterwards its password, this one time. */
export function CreateUserDrawer({ opened, onClose, template = blankUser }: CreateUserDrawerProps) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      title={usersTexts.createTitle}
      size={520}
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      <CreateUser template={template} onClose={onClose} />
    </Drawer>
  );
}

function CreateUser({ template, onClose }: { template: UserDraft; onClose: () => void }) {
  const [created, setCreated] = useState<Credentials | null>(null);
  if (created === null) return <UserForm template={template} onCreated={setCreated} onClose={onClose} />;
  return <CreatedUser credentials={created} onAnother={() => setCreated(null)} onClose={onClose} />;
}

interface UserFormProps {
  readonly template: UserDraft;
  readonly onCreated: (user: Credentials) => void;
  readonly onClose: () => void;
}

function UserForm({ template, onCreated, onClose }: UserFormProps) {
  const create = useCreateUser();
  const [draft, setDraft] = useState<UserDraft>({ ...template, username: '', password: '' });
  const change = (part: Partial<UserDraft>) => setDraft((now) => ({ ...now, ...part }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = newUserOf(draft);
    const onSuccess = ({
      username,
      generatedPassword,
      clientIdBinding,
    }: Awaited<ReturnType<typeof create.mutateAsync>>) =>
      onCreated({ username, password: generatedPassword ?? body.password ?? '', clientId: clientIdBinding.text });
    create.mutate({ body }, { onSuccess });
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <TextInput
          label={usersTexts.username}
          description={usersTexts.usernameHint}
          value={draft.username}
          onChange={(event) => change({ username: event.currentTarget.value })}
          error={fieldError(create.error, 'username')}
          classNames={{ input: 'perch-mono' }}
          data-autofocus
          required
          withAsterisk={false}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
        <PasswordChoice
          kind={draft.passwordKind}
          password={draft.password}
          onChange={change}
          error={fieldError(create.error, 'password')}
        />
        <UserFields draft={draft} onChange={change} error={create.error} />
        <FormProblem error={create.error} shownFields={['username', 'password', ...shownFields]} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={create.isPending} disabled={draft.username.trim() === ''}>
            {usersTexts.create}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
