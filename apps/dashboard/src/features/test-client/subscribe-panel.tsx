import { ActionIcon, Button, Checkbox, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { splitSharedFilter } from '@perch/policy';
import { type FormEvent, useState, useSyncExternalStore } from 'react';
import { reportError } from '../../shared/report-error.js';
import { Literal } from '../../shared/ui/literal.js';
import { Panel } from '../../shared/ui/panel.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { FilterSwatch } from './filter-swatch.js';
import { RefusalLinks } from './refusal-links.js';
import {
  type ConnectionState,
  MOST_SUBSCRIPTIONS,
  type TestConnection,
  type TestSubscription,
} from './test-connection.js';
import { testClientTexts } from './texts.js';
import classes from './test-client.module.css';

const texts = testClientTexts.subscribe;

/** What a tab has subscribed to, each with its colour and the broker's answer. */
export function SubscribePanel({ connection, topic }: { connection: TestConnection; topic: string | undefined }) {
  const state = useSyncExternalStore(connection.watch, connection.state);
  return (
    <Panel title={texts.title}>
      <SubscribeForm connection={connection} state={state} topic={topic} />
      {state.subscriptions.length === 0 ? (
        <Text size="sm" c="dimmed" mt="sm">
          {texts.empty}
        </Text>
      ) : (
        <ul className={classes.filters} aria-label={texts.list}>
          {state.subscriptions.map((subscription) => (
            <Filter key={subscription.filter} connection={connection} state={state} subscription={subscription} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

interface StatefulProps {
  readonly connection: TestConnection;
  readonly state: ConnectionState;
}

function SubscribeForm({ connection, state, topic = '' }: StatefulProps & { topic: string | undefined }) {
  const [filter, setFilter] = useState(topic);
  const [qos, setQos] = useState<0 | 1 | 2>(1);
  const [noLocal, setNoLocal] = useState(false);
  const isFull = state.subscriptions.length >= MOST_SUBSCRIPTIONS;
  const isMalformed = filter !== '' && splitSharedFilter(filter) === null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setFilter('');
    connection.subscribe({ filter, qos, noLocal }).catch(reportError);
  };
  const { protocol } = state.form;
  return (
    <form onSubmit={submit}>
      <Group gap="sm" align="start">
        <TextInput
          className={classes.grow}
          aria-label={texts.filter}
          placeholder="plant/+/state"
          value={filter}
          error={(isMalformed && texts.badFilter) || (isFull && texts.most(MOST_SUBSCRIPTIONS))}
          classNames={{ input: 'perch-mono' }}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <NativeSelect
          w={90}
          aria-label={texts.qos}
          value={String(qos)}
          data={[0, 1, 2].map((value) => ({ value: String(value), label: `${texts.qos} ${value}` }))}
          disabled={protocol === 'json'}
          onChange={(event) => setQos(Number(event.currentTarget.value) as 0 | 1 | 2)}
        />
        <Button type="submit" variant="default" disabled={filter === '' || isMalformed || isFull}>
          {texts.action}
        </Button>
      </Group>
      {protocol === 'mqtt5' && (
        <Checkbox
          mt="xs"
          size="xs"
          label={texts.noLocal}
          checked={noLocal}
          onChange={(event) => setNoLocal(event.currentTarget.checked)}
        />
      )}
    </form>
  );
}

function Filter({ connection, state, subscription }: StatefulProps & { subscription: TestSubscription }) {
  const { filter, status, granted, reason, isByPolicy, colour } = subscription;
  const kind = { waiting: 'neutral', granted: 'allow', refused: 'deny' } as const;
  const isGranted = status === 'granted' && granted !== null && state.protocol !== 'json';
  return (
    <li className={classes.filter}>
      <FilterSwatch colour={colour} />
      <div className={classes.grow}>
        <Group gap="sm" justify="space-between">
          <Literal>{filter}</Literal>
          <StatusMark kind={kind[status]}>{isGranted ? texts.grantedQos(granted) : texts.status[status]}</StatusMark>
        </Group>
        {reason !== null && <Text size="sm">{reason}</Text>}
        {status === 'refused' && isByPolicy && state.clientId !== null && (
          <RefusalLinks clientId={state.clientId} username={state.username} action="subscribe" topic={filter} />
        )}
      </div>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={24}
        aria-label={texts.remove(filter)}
        onClick={() => {
          connection.unsubscribe(filter).catch(reportError);
        }}
      >
        <IconX size={14} aria-hidden />
      </ActionIcon>
    </li>
  );
}
