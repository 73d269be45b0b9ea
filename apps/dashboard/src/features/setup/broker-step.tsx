import { Button, Group, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { settingsChangeMutation } from '../../shared/api/generated/@tanstack/react-query.gen.js';
import type { Setting } from '../../shared/api/generated/types.gen.js';
import { serverInfo } from '../../shared/connect/server-info.js';
import { fieldError, FormProblem } from '../../shared/ui/form-problem.js';
import { ErrorState } from '../../shared/ui/states.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { brokerSettings } from './queries.js';
import { setupTexts } from './texts.js';

const texts = setupTexts.broker;

/** What the broker is called, where devices reach it, and the doors that are open. */
export function BrokerStep({ onDone }: { onDone: () => void }) {
  const settings = useQuery(brokerSettings());
  if (settings.error) return <ErrorState error={settings.error} onRetry={() => settings.refetch()} />;
  if (!settings.data) return <Skeleton height={200} />;
  return <BrokerForm name={settings.data.name} host={settings.data.host} onDone={onDone} />;
}

interface BrokerFormProps {
  readonly name: Setting | undefined;
  readonly host: Setting | undefined;
  readonly onDone: () => void;
}

function BrokerForm({ name, host, onDone }: BrokerFormProps) {
  const [nameText, setName] = useState(textOf(name));
  const [hostText, setHost] = useState(textOf(host));
  const queryClient = useQueryClient();
  const save = useMutation({
    ...settingsChangeMutation(),
    // Whoever comes back to this step sees what was saved.
    onSuccess: async () => {
      await queryClient.invalidateQueries();
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const changes = { ...changeOf(name, nameText), ...changeOf(host, hostText) };
    if (Object.keys(changes).length === 0) return onDone();
    save.mutate({ body: { changes } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={texts.name}
          description={name?.isLocked ? setupTexts.locked(name.place ?? '') : texts.nameHint}
          disabled={name?.isLocked}
          value={nameText}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fieldError(save.error, 'changes.brokerName')}
        />
        <TextInput
          label={texts.host}
          description={host?.isLocked ? setupTexts.locked(host.place ?? '') : texts.hostHint}
          disabled={host?.isLocked}
          placeholder={location.hostname}
          value={hostText}
          onChange={(event) => setHost(event.currentTarget.value)}
          error={fieldError(save.error, 'changes.publicHost')}
        />
        <Doors />
        <FormProblem error={save.error} shownFields={['changes.brokerName', 'changes.publicHost']} />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            {setupTexts.next}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Doors() {
  const { data, error, refetch } = useQuery(serverInfo());
  return (
    <div>
      <Title order={2} size="h4" mb="xs">
        {texts.doors}
      </Title>
      {!data && (error ? <ErrorState error={error} onRetry={() => refetch()} /> : <Skeleton height={72} />)}
      <Stack gap={4}>
        {data?.listeners.map(({ name, kind, port, socket, path = '', secure }) => (
          <Group key={`${name} ${kind}`} gap="sm" justify="space-between">
            <Text size="sm">{texts.kinds[kind]}</Text>
            <Group gap="sm">
              <span className="perch-mono">{socket ?? `${port}${path}`}</span>
              <StatusMark kind={secure ? 'allow' : 'neutral'}>{secure ? texts.tls : texts.plain}</StatusMark>
            </Group>
          </Group>
        ))}
      </Stack>
    </div>
  );
}

function textOf(setting: Setting | undefined): string {
  return typeof setting?.value === 'string' ? setting.value : '';
}

function changeOf(setting: Setting | undefined, text: string): Record<string, string | null> {
  if (!setting || setting.isLocked || text.trim() === textOf(setting)) return {};
  return { [setting.key]: text.trim() === '' ? null : text.trim() };
}
