import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { NewPasswordInput } from '../../shared/password/new-password-input.js';
import { MIN_OPERATOR_PASSWORD } from '../../shared/password/password-length.js';
import { fieldError, FormProblem } from '../../shared/ui/form-problem.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { Panel } from '../../shared/ui/panel.js';
import { useChangePassword } from './queries.js';
import { accountTexts } from './texts.js';

/** Changes the own password; other browsers are logged out. */
export function PasswordPanel() {
  const change = useChangePassword();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      notifyDone(accountTexts.passwordChanged);
      setCurrent('');
      setPassword('');
    };
    change.mutate({ body: { current, password } }, { onSuccess });
  };
  return (
    <Panel title={accountTexts.password}>
      <form onSubmit={submit}>
        <Stack maw={420}>
          <CurrentPassword value={current} onChange={setCurrent} error={change.error} />
          <NewPasswordInput
            label={accountTexts.newPassword}
            minLength={MIN_OPERATOR_PASSWORD}
            value={password}
            onChange={setPassword}
            error={fieldError(change.error, 'password')}
          />
          <FormProblem error={change.error} shownFields={['current', 'password']} />
          <Group>
            <Button
              type="submit"
              loading={change.isPending}
              disabled={current === '' || password.length < MIN_OPERATOR_PASSWORD}
            >
              {accountTexts.changePassword}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

interface CurrentPasswordProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: Error | null;
}

/** Asks for the password as it is now, before something that matters. */
export function CurrentPassword({ value, onChange, error }: CurrentPasswordProps) {
  return (
    <PasswordInput
      label={accountTexts.currentPassword}
      name="password"
      autoComplete="current-password"
      required
      withAsterisk={false}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={fieldError(error, 'current')}
    />
  );
}
