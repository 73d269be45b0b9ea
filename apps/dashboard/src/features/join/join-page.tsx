import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../shared/api/api-error.js';
import type { Invitation } from '../../shared/api/generated/types.gen.js';
import { NewPasswordInput } from '../../shared/password/new-password-input.js';
import { MIN_OPERATOR_PASSWORD } from '../../shared/password/password-length.js';
import { reportError } from '../../shared/report-error.js';
import { roleTexts } from '../../shared/roles/texts.js';
import { fieldError, FormProblem } from '../../shared/ui/form-problem.js';
import { Gate } from '../../shared/ui/gate.js';
import { LinkButton } from '../../shared/ui/links.js';
import { AfterDelay, ErrorState } from '../../shared/ui/states.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { invitation, useAcceptInvitation } from './queries.js';
import { joinTexts } from './texts.js';

/** Where the link of an invitation leads: who one is to be, and a password that nobody else knows. */
export function JoinPage() {
  // Behind the `#`: browsers do not send that part to servers or to other pages.
  const [token] = useState(() => location.hash.slice(1));
  const { data, error, refetch } = useQuery(invitation(token));
  if (data) return <JoinForm token={token} invited={data} />;
  if (error instanceof ApiError && error.code === 'bad-token') {
    return (
      <Gate title={joinTexts.closedTitle}>
        <Text c="dimmed">{joinTexts.closed}</Text>
        <LinkButton to="/login">{joinTexts.toLogin}</LinkButton>
      </Gate>
    );
  }
  return (
    <Gate title={joinTexts.title}>
      {error ? (
        <ErrorState error={error} onRetry={() => refetch()} />
      ) : (
        <AfterDelay>
          <Text role="status">{uiTexts.loading}</Text>
        </AfterDelay>
      )}
    </Gate>
  );
}

function JoinForm({ token, invited }: { token: string; invited: Invitation }) {
  const accept = useAcceptInvitation();
  const router = useRouter();
  const [password, setPassword] = useState('');
  const { label, may } = roleTexts.roles[invited.role];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const onSuccess = () => {
      router.navigate({ to: '/', replace: true }).catch(reportError);
    };
    accept.mutate({ body: { token, password } }, { onSuccess });
  };
  return (
    <Gate title={joinTexts.title}>
      <Text c="dimmed">{joinTexts.intro(invited.createdBy)}</Text>
      <form onSubmit={submit}>
        <Stack>
          <TextInput label={joinTexts.name} name="username" autoComplete="username" value={invited.name} readOnly />
          <div>
            <Text size="sm" fw={500}>
              {joinTexts.role}: {label}
            </Text>
            <Text size="sm" c="dimmed">
              {may}
            </Text>
          </div>
          <NewPasswordInput
            label={joinTexts.password}
            minLength={MIN_OPERATOR_PASSWORD}
            value={password}
            onChange={setPassword}
            error={fieldError(accept.error, 'password')}
          />
          <FormProblem error={accept.error} shownFields={['password']} />
          <Button type="submit" size="md" loading={accept.isPending} disabled={password.length < MIN_OPERATOR_PASSWORD}>
            {joinTexts.submit}
          </Button>
        </Stack>
      </form>
    </Gate>
  );
}
