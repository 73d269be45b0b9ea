import { Button, Group, PasswordInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { AccessTryResult } from '../../shared/api/generated/types.gen.js';
import { formatExact } from '../../shared/ui/format.js';
import { FormProblem } from '../../shared/ui/form-problem.js';
import { Panel } from '../../shared/ui/panel.js';
import { type MarkKind, StatusMark } from '../../shared/ui/status-mark.js';
import type { AccessContent } from './access-draft.js';
import { useTryAccess } from './queries.js';
import { settingsTexts } from './texts.js';
import classes from './settings.module.css';

const texts = settingsTexts.try;

const nothing = { clientId: 'test', username: '', password: '', certificateName: '', address: '' };
const fields = ['clientId', 'username', 'certificateName', 'address'] as const;
const labels = {
  clientId: texts.clientId,
  username: texts.username,
  certificateName: texts.certificate,
  address: texts.address,
};

/** Shows credentials to the draft, and what each authenticator said to them. */
export function TryPanel({ content }: { content: AccessContent }) {
  const attempt = useTryAccess();
  const [shown, setShown] = useState(nothing);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { clientId, ...rest } = shown;
    const given = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, value === '' ? null : value]));
    const settings = { authenticators: [...content.authenticators], authorizers: [...content.authorizers] };
    attempt.mutate({ body: { settings, clientId, ...given } });
  };
  return (
    <Panel title={texts.title}>
      <form onSubmit={submit} autoComplete="off">
        <Stack>
          <Text size="sm" c="dimmed">
            {texts.explain}
          </Text>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {fields.map((field) => (
              <TextInput
                key={field}
                label={labels[field]}
                value={shown[field]}
                onChange={(event) => setShown({ ...shown, [field]: event.currentTarget.value })}
                autoComplete="off"
                spellCheck={false}
              />
            ))}
            <PasswordInput
              label={texts.password}
              value={shown.password}
              onChange={(event) => setShown({ ...shown, password: event.currentTarget.value })}
              autoComplete="new-password"
            />
          </SimpleGrid>
          <Group>
            <Button type="submit" loading={attempt.isPending}>
              {texts.submit}
            </Button>
          </Group>
          <FormProblem error={attempt.error} />
        </Stack>
      </form>
      <div role="status">{attempt.data && <Outcome result={attempt.data} />}</div>
    </Panel>
  );
}

const marks: Record<AccessTryResult['steps'][number]['said'], MarkKind> = {
  accepted: 'allow',
  refused: 'deny',
  'not-mine': 'neutral',
  'not-asked': 'neutral',
  disabled: 'neutral',
};

function Outcome({ result }: { result: AccessTryResult }) {
  const facts = [
    result.labels.length > 0 && texts.labels(result.labels.join(', ')),
    result.validUntil !== null && texts.until(formatExact(result.validUntil)),
    result.ownRules.length > 0 && texts.rules(result.ownRules.length),
  ].filter((fact) => fact !== false);
  return (
    <Stack gap="xs" mt="md">
      <StatusMark kind={result.accepted ? 'allow' : 'deny'}>
        {result.accepted ? texts.accepted(result.username ?? texts.nobody) : texts.refused(result.refusal ?? '')}
      </StatusMark>
      {facts.map((fact) => (
        <Text key={fact} size="sm">
          {fact}
        </Text>
      ))}
      <ol className={classes.members} aria-label={texts.steps}>
        {result.steps.map(({ id, said, why, ms }) => (
          <li key={id} className={classes.step}>
            <Text component="span" size="sm" className="perch-mono">
              {id}
            </Text>
            <StatusMark kind={marks[said]}>{texts.said[said]}</StatusMark>
            {why !== null && (
              <Text component="span" size="sm">
                {why}
              </Text>
            )}
            {(said === 'accepted' || said === 'refused') && (
              <Text component="span" size="xs" c="dimmed">
                {ms} ms
              </Text>
            )}
          </li>
        ))}
      </ol>
    </Stack>
  );
}
