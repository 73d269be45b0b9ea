import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  NativeSelect,
  NumberInput,
  PasswordInput,
  Text,
  TextInput,
  Tooltip,
} from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useSyncExternalStore } from 'react';
import { serverInfo } from '../../shared/connect/server-info.js';
import { reportError } from '../../shared/report-error.js';
import { Literal } from '../../shared/ui/literal.js';
import { TextLink } from '../../shared/ui/links.js';
import { Panel } from '../../shared/ui/panel.js';
import { ErrorState } from '../../shared/ui/states.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { type ConnectionForm, doorsOf, newConnectionForm, targetOf } from './connection-form.js';
import { type LinkProtocol, protocols } from './link.js';
import type { ConnectionState, TestConnection } from './test-connection.js';
import { testClientTexts } from './texts.js';
import classes from './test-client.module.css';

const texts = testClientTexts.connect;

/** Where and as whom a tab connects, and what became of it. */
export function ConnectionPanel({ connection }: { connection: TestConnection }) {
  const state = useSyncExternalStore(connection.watch, connection.state);
  const isOpen = state.status === 'open' || state.status === 'connecting';
  return (
    <Panel title={texts.title} actions={<ConnectionStatus status={state.status} />}>
      {isOpen ? (
        <Connected connection={connection} state={state} />
      ) : (
        <ConnectForm connection={connection} state={state} />
      )}
    </Panel>
  );
}

function ConnectionStatus({ status }: Pick<ConnectionState, 'status'>) {
  const kind = { idle: 'neutral', connecting: 'neutral', open: 'online', ended: 'offline' } as const;
  return (
    <span role="status">
      <StatusMark kind={kind[status]}>{testClientTexts.status[status]}</StatusMark>
    </span>
  );
}

interface StatefulProps {
  readonly connection: TestConnection;
  readonly state: ConnectionState;
}

function Connected({ connection, state }: StatefulProps) {
  return (
    <Group justify="space-between" gap="sm">
      <Text size="sm">
        <Literal>{texts.as(state.clientId ?? '', state.username)}</Literal>{' '}
        <Text span size="sm" c="dimmed">
          {state.protocol && testClientTexts.protocols[state.protocol]}
        </Text>
      </Text>
      <Button variant="default" size="xs" onClick={() => connection.disconnect()}>
        {texts.disconnect}
      </Button>
    </Group>
  );
}

function ConnectForm({ connection, state }: StatefulProps) {
  const server = useQuery(serverInfo());
  const { form } = state;
  if (server.error && !server.data) return <ErrorState error={server.error} onRetry={() => server.refetch()} />;
  const doors = doorsOf(form.protocol, server.data ?? { listeners: [] });
  const change = (patch: Partial<ConnectionForm>) => connection.fillIn(patch);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    connection.connect(targetOf(form, doors)).catch(reportError);
  };
  const needsUser = server.data?.anonymous === false && form.username === '';
  return (
    <form onSubmit={submit} className={classes.form}>
      <Ended state={state} />
      <div className={classes.fields}>
        <NativeSelect
          label={texts.protocol}
          value={form.protocol}
          data={protocols.map((value) => ({ value, label: testClientTexts.protocols[value] }))}
          onChange={(event) => change({ protocol: event.currentTarget.value as LinkProtocol })}
        />
        <NativeSelect
          label={texts.door}
          value={form.door}
          data={doors.map(({ key, label }) => ({ value: key, label }))}
          onChange={(event) => change({ door: event.currentTarget.value })}
        />
        <ClientIdInput form={form} onChange={change} />
        <span />
        <TextInput
          label={texts.username}
          description={needsUser ? texts.anonymousOff : texts.usernameHint}
          value={form.username}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => change({ username: event.currentTarget.value })}
        />
        <PasswordInput
          label={texts.password}
          description={texts.passwordHint}
          value={form.password}
          autoComplete="off"
          disabled={form.username === ''}
          onChange={(event) => change({ password: event.currentTarget.value })}
        />
      </div>
      {form.protocol !== 'json' && <SessionFields form={form} onChange={change} />}
      <Group gap="sm">
        <Button type="submit" disabled={!server.data || form.clientId.trim() === ''}>
          {state.status === 'ended' ? texts.again : texts.action}
        </Button>
        <Text size="xs" c="dimmed">
          {texts.takesOver}
        </Text>
      </Group>
    </form>
  );
}

function Ended({ state: { reason, wasRefused, clientId } }: Pick<StatefulProps, 'state'>) {
  if (reason === null) return null;
  return (
    <Group gap="sm" role="alert">
      <StatusMark kind={wasRefused ? 'deny' : 'offline'}>{reason}</StatusMark>
      {wasRefused && clientId !== null && (
        <TextLink to="/access/denied" search={{ tab: 'auth', client: clientId }} size="sm">
          {testClientTexts.refusal.deniedConnects}
        </TextLink>
      )}
    </Group>
  );
}

interface FieldsProps {
  readonly form: ConnectionForm;
  readonly onChange: (patch: Partial<ConnectionForm>) => void;
}

function ClientIdInput({ form, onChange }: FieldsProps) {
  return (
    <TextInput
      label={texts.clientId}
      value={form.clientId}
      classNames={{ input: 'perch-mono' }}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      onChange={(event) => onChange({ clientId: event.currentTarget.value })}
      rightSection={
        <Tooltip label={texts.newId}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={24}
            aria-label={texts.newId}
            onClick={() => onChange({ clientId: newConnectionForm().clientId })}
          >
            <IconRefresh size={14} aria-hidden />
          </ActionIcon>
        </Tooltip>
      }
    />
  );
}

function SessionFields({ form, onChange }: FieldsProps) {
  return (
    <Group gap="lg" align="end">
      <NumberInput
        label={texts.keepAlive}
        w={120}
        min={0}
        max={65_535}
        allowDecimal={false}
        value={form.keepAliveSeconds}
        onChange={(value) => onChange({ keepAliveSeconds: Number(value) || 0 })}
      />
      {form.protocol === 'mqtt5' && (
        <NumberInput
          label={texts.expiry}
          w={140}
          min={0}
          max={4_294_967_295}
          allowDecimal={false}
          value={form.sessionExpirySeconds}
          onChange={(value) => onChange({ sessionExpirySeconds: Number(value) || 0 })}
        />
      )}
      <Checkbox
        mb={8}
        label={texts.clean}
        checked={form.cleanStart}
        onChange={(event) => onChange({ cleanStart: event.currentTarget.checked })}
      />
    </Group>
  );
}
