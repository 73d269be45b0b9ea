import { Alert, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../shared/api/api-error.js';
import { FormProblem } from '../../shared/ui/form-problem.js';
import { Gate } from '../../shared/ui/gate.js';
import { setupState, useLogin } from './queries.js';
import { authTexts } from './texts.js';
import { useCountdown } from './use-countdown.js';

const route = getRouteApi('/login');

/** Where an operator signs in; afterwards they are where they wanted to be. */
export function LoginPage() {
  const setup = useQuery(setupState());
  if (setup.data?.needed === true) {
    return (
      <Gate title={authTexts.setupTitle}>
        <Text c="dimmed">{authTexts.setupText}</Text>
      </Gate>
    );
  }
  return (
    <Gate title={authTexts.title}>
      <LoginForm />
    </Gate>
  );
}

function LoginForm() {
  const { to } = route.useSearch();
  const router = useRouter();
  const login = useLogin();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [needsCode, setNeedsCode] = useState(false);
  const waitSeconds = useCountdown(retryAfter(login.error), login.submittedAt);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = needsCode ? { name, password, code } : { name, password };
    const onError = (error: Error) => {
      if (asksForCode(error)) setNeedsCode(true);
    };
    login.mutate({ body }, { onSuccess: () => router.history.push(to ?? '/'), onError });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={authTexts.name}
          name="username"
          autoComplete="username"
          autoFocus
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label={authTexts.password}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {needsCode && <CodeInput value={code} onChange={setCode} />}
        <LoginProblem
          error={login.error}
          waitSeconds={waitSeconds}
          wrong={needsCode ? authTexts.wrongCode : authTexts.wrong}
        />
        <Button type="submit" size="md" loading={login.isPending || login.isSuccess} disabled={waitSeconds > 0}>
          {waitSeconds > 0 ? authTexts.wait(waitSeconds) : authTexts.submit}
        </Button>
      </Stack>
    </form>
  );
}

function asksForCode(error: Error | null): boolean {
  return error instanceof ApiError && error.code === 'code-required';
}

function CodeInput({ value, onChange }: { value: string; onChange: (code: string) => void }) {
  return (
    <TextInput
      label={authTexts.code}
      description={authTexts.codeHint}
      name="one-time-code"
      autoComplete="one-time-code"
      autoFocus
      required
      withAsterisk={false}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

interface LoginProblemProps {
  readonly error: Error | null;
  readonly waitSeconds: number;
  /** What is said of a refusal; never which part of it was wrong. */
  readonly wrong: string;
}

function LoginProblem({ error, waitSeconds, wrong }: LoginProblemProps) {
  if (asksForCode(error)) return null;
  if (!(error instanceof ApiError) || (error.status !== 401 && error.status !== 429))
    return <FormProblem error={error} />;
  if (error.status === 429 && waitSeconds === 0) return null;
  return (
    <Alert color="danger" variant="light" role="alert" icon={<IconAlertTriangle aria-hidden />}>
      {waitSeconds > 0 ? authTexts.throttled : wrong}
    </Alert>
  );
}

function retryAfter(error: Error | null): number {
  return error instanceof ApiError && error.status === 429 ? (error.retryAfterSeconds ?? 30) : 0;
}
