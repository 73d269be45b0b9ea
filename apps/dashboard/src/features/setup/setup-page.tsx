import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { reportError } from '../../shared/report-error.js';
import { sessionQuery } from '../../shared/session/session.js';
import { NewPasswordInput } from '../../shared/password/new-password-input.js';
import { MIN_OPERATOR_PASSWORD } from '../../shared/password/password-length.js';
import { fieldError, FormProblem } from '../../shared/ui/form-problem.js';
import { Gate } from '../../shared/ui/gate.js';
import { LinkButton } from '../../shared/ui/links.js';
import { AfterDelay, ErrorState } from '../../shared/ui/states.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { setupState, useCompleteSetup } from './queries.js';
import type { SetupStep } from './search.js';
import { SetupWizard } from './setup-wizard.js';
import { setupTexts } from './texts.js';

const route = getRouteApi('/setup');
const shownFields = ['name', 'password'];

/** The first visit: makes the first operator with the token of the one-time link, then leads through the rest. */
export function SetupPage() {
  const { step } = route.useSearch();
  const navigate = route.useNavigate();
  const session = useQuery({ ...sessionQuery(), enabled: step !== undefined });
  const state = useQuery(setupState());
  const [token] = useState(tokenOfAddress);
  const go = (next: SetupStep) => {
    // Without the token: it has been used.
    navigate({ search: { step: next }, hash: '', replace: step === undefined }).catch(reportError);
  };
  if (step !== undefined && session.data) return <SetupWizard step={step} onStep={go} />;
  if (state.error) {
    return (
      <Gate title={setupTexts.title}>
        <ErrorState error={state.error} onRetry={() => state.refetch()} />
      </Gate>
    );
  }
  if (!state.data || (step !== undefined && session.isLoading)) {
    return (
      <Gate title={setupTexts.title}>
        <AfterDelay>
          <Text role="status">{uiTexts.loading}</Text>
        </AfterDelay>
      </Gate>
    );
  }
  if (!state.data.needed) return <AlreadyDone />;
  if (token === '') {
    return (
      <Gate title={setupTexts.noTokenTitle}>
        <Text c="dimmed">{setupTexts.noToken}</Text>
      </Gate>
    );
  }
  return <OperatorForm token={token} onMade={() => go('broker')} />;
}

/** The token is behind the `#`: browsers do not send that part to servers or to other pages. */
function tokenOfAddress(): string {
  const fragment = location.hash.slice(1);
  return new URLSearchParams(fragment).get('token') ?? fragment;
}

function AlreadyDone() {
  return (
    <Gate title={setupTexts.doneTitle}>
      <Text c="dimmed">{setupTexts.done}</Text>
      <LinkButton to="/login">{setupTexts.toLogin}</LinkButton>
    </Gate>
  );
}

function OperatorForm({ token, onMade }: { token: string; onMade: () => void }) {
  const complete = useCompleteSetup();
  const [name, setName] = useState('admin');
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { token, name: name.trim(), password };
    complete.mutate({ body }, { onSuccess: onMade });
  };
  return (
    <Gate title={setupTexts.title}>
      <Text c="dimmed">{setupTexts.intro}</Text>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={setupTexts.name}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            required
            withAsterisk={false}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={fieldError(complete.error, 'name')}
          />
          <NewPasswordInput
            label={setupTexts.password}
            minLength={MIN_OPERATOR_PASSWORD}
            value={password}
            onChange={setPassword}
            error={fieldError(complete.error, 'password')}
          />
          <FormProblem error={complete.error} shownFields={shownFields} />
          <Button
            type="submit"
            size="md"
            loading={complete.isPending}
            disabled={name.trim() === '' || password.length < MIN_OPERATOR_PASSWORD}
          >
            {setupTexts.submit}
          </Button>
        </Stack>
      </form>
    </Gate>
  );
}
