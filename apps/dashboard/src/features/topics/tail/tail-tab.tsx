import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { isValidFilter } from '@perch/policy';
import { IconLock, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { usePermission } from '../../../shared/session/session.js';
import { Literal } from '../../../shared/ui/literal.js';
import { ConfirmDialog } from '../../../shared/ui/confirm-dialog.js';
import { formatCount } from '../../../shared/ui/format.js';
import { TextLink } from '../../../shared/ui/links.js';
import { EmptyState, ErrorState } from '../../../shared/ui/states.js';
import { topicsTexts } from '../texts.js';
import type { TailFeed, TailState } from './tail-feed.js';
import { TailView } from './tail-view.js';
import classes from '../topics.module.css';

const texts = topicsTexts.tail;

/** As the server's default has it. */
const USUAL_PER_SECOND = 50;

interface TailTabProps {
  readonly feed: TailFeed;
  readonly state: TailState;
  /** The topic that is open, or none. */
  readonly topic: string | undefined;
  /** Only the messages of this client, or of all. */
  readonly clientId: string | undefined;
  readonly onEveryClient: () => void;
}

/** Messages of a filter as they pass: begun and ended by hand. */
export function TailTab(props: TailTabProps) {
  const { feed, state, topic, clientId } = props;
  const mayRead = usePermission('messages:read');
  if (!mayRead) {
    return (
      <EmptyState icon={IconLock} title={texts.hiddenTitle}>
        {texts.hiddenText}
      </EmptyState>
    );
  }
  return (
    <Stack gap="sm">
      {clientId !== undefined && <OnlyClient clientId={clientId} onEveryClient={props.onEveryClient} />}
      <FilterForm key={`${topic} ${clientId}`} {...props} />
      <TailStatus state={state} />
      {state.error && <ErrorState error={state.error} onRetry={() => feed.start(state.watched)} />}
      {state.status === 'idle' && <EmptyState title={texts.idleTitle}>{texts.idleText(USUAL_PER_SECOND)}</EmptyState>}
      {(state.status === 'live' || state.status === 'ended') && <TailView feed={feed} state={state} />}
      <BroadQuestion feed={feed} state={state} />
    </Stack>
  );
}

function OnlyClient({ clientId, onEveryClient }: { clientId: string; onEveryClient: () => void }) {
  return (
    <Group gap="xs">
      <Text size="sm">{texts.onlyClient}</Text>
      <TextLink to="/clients" search={{ c: clientId }} size="sm">
        <Literal>{clientId}</Literal>
      </TextLink>
      <Button size="compact-xs" variant="default" onClick={onEveryClient}>
        {texts.everyClient}
      </Button>
    </Group>
  );
}

function FilterForm({ feed, state, topic, clientId }: TailTabProps) {
  const isRunning = state.status === 'live' || state.status === 'starting';
  const [filter, setFilter] = useState(() => (isRunning ? state.watched.filter : filterOf(topic, clientId)));
  const isValid = filter === '' || isValidFilter(filter);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (filter !== '' && isValid) feed.start({ filter, clientId });
  };
  return (
    <form onSubmit={submit}>
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput
          label={texts.filter}
          placeholder="plant/#"
          value={filter}
          error={!isValid && texts.badFilter}
          classNames={{ root: classes.grow, input: 'perch-mono' }}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        {isRunning && filter === state.watched.filter && clientId === state.watched.clientId ? (
          <Button
            variant="default"
            leftSection={<IconPlayerStop size={16} aria-hidden />}
            onClick={(event) => {
              event.preventDefault();
              feed.stop();
            }}
          >
            {texts.stop}
          </Button>
        ) : (
          <Button
            type="submit"
            disabled={filter === '' || !isValid}
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
          >
            {texts.start}
          </Button>
        )}
      </Group>
    </form>
  );
}

/** A topic and all that is below it; of one client, all that there is. */
function filterOf(topic: string | undefined, clientId: string | undefined): string {
  if (topic === undefined) return clientId === undefined ? '' : '#';
  return topic === '#' || topic.endsWith('/#') ? topic : `${topic}/#`;
}

function TailStatus({ state: { status, rate, total, end } }: Pick<TailTabProps, 'state'>) {
  if (status === 'ended' && end !== null) {
    return (
      <Text size="sm" role="status" c={end === 'left' ? 'dimmed' : 'warning'}>
        {texts.ends[end]} {total.seen > 0 && texts.total(formatCount(total.shown), formatCount(total.seen))}
      </Text>
    );
  }
  if (status !== 'live') return null;
  return (
    <Text size="sm" className={classes.numbers} data-testid="tail-rate">
      {texts.rate(formatCount(rate.shown), formatCount(rate.seen))} ·{' '}
      {texts.total(formatCount(total.shown), formatCount(total.seen))}
    </Text>
  );
}

function BroadQuestion({ feed, state: { question, watched } }: Pick<TailTabProps, 'feed' | 'state'>) {
  return (
    <ConfirmDialog
      opened={question !== null}
      title={texts.broadTitle}
      action={texts.broadAction}
      onClose={() => feed.dismiss()}
      onConfirm={() => feed.start(watched, true)}
    >
      {question === null || question.perSecond === null
        ? texts.broadText(watched.filter)
        : texts.busyText(watched.filter, formatCount(question.perSecond))}
    </ConfirmDialog>
  );
}
