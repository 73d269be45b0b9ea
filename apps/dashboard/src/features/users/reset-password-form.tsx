import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { User } from '../../shared/api/generated/types.gen.js';
import { fieldError, FormProblem } from '../../shared/ui/form-problem.js';
import { SecretOnce } from '../../shared/ui/secret-once.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { PasswordChoice } from './password-choice.js';
import { useResetPassword } from './queries.js';
import { usersTexts } from './texts.js';

/** Gives a user another password, and shows it this one time. */
export function ResetPasswordForm({ user, onClose }: { user: User; onClose: () => void }) {
  const reset = useResetPassword();
  const [choice, setChoice] = useState<{ passwordKind: 'generate' | 'own'; password: string }>({
    passwordKind: 'generate',
    password: '',
  });
  const [disconnect, setDisconnect] = useState(true);
  const { passwordKind: kind, password } = choice;
  if (reset.isSuccess) {
    const shown = reset.data.generatedPassword ?? password;
    return <ResetDone username={user.username} password={shown} onClose={onClose} />;
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    reset.mutate({ path: { id: user.id }, body: { ...(kind === 'own' && { password }), disconnect } });
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <PasswordChoice
          kind={kind}
          password={password}
          onChange={(change) => setChoice((now) => ({ ...now, ...change }))}
          error={fieldError(reset.error, 'password')}
        />
        <Checkbox
          label={usersTexts.disconnect}
          description={usersTexts.disconnectHint}
          checked={disconnect}
          onChange={(event) => setDisconnect(event.currentTarget.checked)}
        />
        <FormProblem error={reset.error} shownFields={['password']} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={reset.isPending}>
            {usersTexts.resetSubmit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function ResetDone({ username, password, onClose }: { username: string; password: string; onClose: () => void }) {
  return (
    <Stack>
      <SecretOnce
        title={usersTexts.resetDone(username)}
        hint={usersTexts.once}
        secrets={[{ label: usersTexts.password, value: password }]}
      />
      <Group justify="flex-end">
        <Button onClick={onClose}>{usersTexts.done}</Button>
      </Group>
    </Stack>
  );
}
