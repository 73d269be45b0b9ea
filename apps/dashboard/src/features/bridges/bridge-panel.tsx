import { Alert, Code, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { BridgeStatus, BridgeTestResult } from '../../shared/api/generated/types.gen.js';
import { FormProblem } from '../../shared/ui/form-problem.js';
import { formatBytes, formatCount } from '../../shared/ui/format.js';
import { Panel } from '../../shared/ui/panel.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { type MarkKind, StatusMark } from '../../shared/ui/status-mark.js';
import { useTestBridge } from './queries.js';
import { bridgesTexts as texts } from './texts.js';
import classes from './bridges.module.css';

const marks: Readonly<Record<BridgeStatus['state'], MarkKind>> = {
  working: 'online',
  retrying: 'warning',
  failing: 'deny',
};

/** One bridge: how it is doing, what it hands on, and whether a test arrives. */
export function BridgePanel({ bridge }: { bridge: BridgeStatus }) {
  const { name, kind, state, circuit } = bridge;
  const test = useTestBridge();
  const send = () => test.mutate({ path: { name } });
  return (
    <Panel
      title={name}
      actions={
        <PermittedButton
          permission="settings:write"
          variant="default"
          size="xs"
          loading={test.isPending}
          aria-label={texts.testOf(name)}
          onClick={send}
        >
          {texts.test}
        </PermittedButton>
      }
    >
      <Stack gap="sm">
        <Group gap="md">
          <StatusMark kind={marks[state]}>{texts.states[state]}</StatusMark>
          <Text size="sm">{texts.kinds[kind]}</Text>
          {circuit === 'open' && (
            <Text size="sm" c="dimmed">
              {texts.leftAlone}
            </Text>
          )}
        </Group>
        <LastError error={bridge.lastError} isOver={state === 'working'} />
        <FormProblem error={test.error} />
        {test.data && <Answer name={name} result={test.data} />}
        <Facts bridge={bridge} />
      </Stack>
    </Panel>
  );
}

function LastError({ error, isOver }: { error: BridgeStatus['lastError']; isOver: boolean }) {
  if (error === null) return null;
  const what = (
    <>
      {texts.lastError} <RelativeTime at={error.at} />: {error.problem}
    </>
  );
  if (isOver) {
    return (
      <Text size="sm" c="dimmed">
        {what}
      </Text>
    );
  }
  return (
    <Alert color="warning" icon={<IconAlertTriangle size={16} aria-hidden />}>
      {what}
    </Alert>
  );
}

function Answer({ name, result }: { name: string; result: BridgeTestResult }) {
  const ms = formatCount(result.ms);
  return (
    <Stack gap={4} role="status">
      <StatusMark kind={result.arrived ? 'allow' : 'deny'}>
        {result.arrived ? texts.arrived(ms) : texts.notArrived(ms)}
      </StatusMark>
      <Text size="sm">{result.said}</Text>
      {result.body !== null && (
        <Code block className={classes.answer} tabIndex={0} role="region" aria-label={texts.body(name)}>
          {result.body}
        </Code>
      )}
    </Stack>
  );
}

function Facts({ bridge }: { bridge: BridgeStatus }) {
  const { events, payloadBytes, queued, queueEvents } = bridge;
  const { facts, hints } = texts;
  return (
    <dl className={classes.facts}>
      <Fact name={facts.target} isCode>
        {bridge.target}
      </Fact>
      <Fact name={facts.events}>{events.join(', ')}</Fact>
      <Fact name={facts.topics} isCode>
        {bridge.topics.join(' ')}
      </Fact>
      <Fact name={facts.payload}>{payloadBytes > 0 ? texts.payload(formatBytes(payloadBytes)) : texts.noPayload}</Fact>
      <Fact name={facts.delivered} hint={hints.delivered}>
        {formatCount(bridge.sent)}
      </Fact>
      <Fact name={facts.waiting} hint={hints.waiting}>
        {texts.waiting(formatCount(queued), formatCount(queueEvents))}
      </Fact>
      <Fact name={facts.failed} hint={hints.failed}>
        {formatCount(bridge.failed)}
      </Fact>
      <Fact name={facts.dropped} hint={hints.dropped}>
        {formatCount(bridge.dropped)}
      </Fact>
      <Fact name={facts.dead} hint={hints.dead}>
        {formatCount(bridge.deadLettered)}
      </Fact>
      {bridge.deadLetterFile !== null && (
        <Fact name={facts.deadFile} isCode>
          {bridge.deadLetterFile}
        </Fact>
      )}
    </dl>
  );
}

interface FactProps {
  readonly name: string;
  readonly hint?: string;
  readonly isCode?: boolean;
  readonly children: ReactNode;
}

function Fact({ name, hint, isCode = false, children }: FactProps) {
  return (
    <div className={classes.fact}>
      <dt title={hint}>{name}</dt>
      <dd className={isCode ? 'perch-mono' : 'perch-number'}>{children}</dd>
    </div>
  );
}
