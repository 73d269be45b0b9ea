import { Group, Skeleton, Text } from '@mantine/core';
import { IconEraser, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { DurableSessionDetail } from '../../shared/api/generated/types.gen.js';
import { reportError } from '../../shared/report-error.js';
import { Literal } from '../../shared/ui/literal.js';
import { formatBytes, formatCount, formatDuration } from '../../shared/ui/format.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { ErrorState } from '../../shared/ui/states.js';
import { Fact } from './fact.js';
import { durableSession } from './queries.js';
import { DropQueueDialog, PurgeDialog } from './session-dialogs.js';
import { clientsTexts } from './texts.js';
import classes from './drawer.module.css';

const texts = clientsTexts.durable;

/** What is kept for a client while it is away, and what can be done with that. */
export function DurableSession({ clientId }: { clientId: string }) {
  const { data, error, refetch } = useQuery(durableSession(clientId));
  const titleId = useId();
  const retry = () => {
    refetch().catch(reportError);
  };
  return (
    <section aria-labelledby={titleId} className={classes.section}>
      <Text id={titleId} component="h3" size="sm" fw={600}>
        {texts.title}
      </Text>
      <Text size="xs" c="dimmed" mb="sm">
        {texts.explanation}
      </Text>
      {data && <Kept session={data} />}
      {!data && (error ? <ErrorState error={error} onRetry={retry} /> : <Skeleton height={96} />)}
    </section>
  );
}

function Kept({ session }: { session: DurableSessionDetail }) {
  return (
    <>
      <dl className={classes.facts}>
        <Fact name={texts.createdAt}>
          <RelativeTime at={session.createdAt} />
        </Fact>
        <Fact name={texts.expiry}>
          <Expiry session={session} />
        </Fact>
        {!session.online && <Fact name={texts.queued}>{formatCount(session.queued)}</Fact>}
        {!session.online && <Fact name={texts.inFlight}>{formatCount(session.inFlight)}</Fact>}
        <Fact name={texts.owed}>{formatBytes(session.owedBytes)}</Fact>
        <Fact name={texts.subscriptions}>{formatCount(session.subscriptionCount)}</Fact>
        {session.will && (
          <Fact name={texts.will}>
            <Literal>{session.will.topic}</Literal> ·{' '}
            {texts.willAfter(formatDuration(session.will.delaySeconds * 1000))}
          </Fact>
        )}
      </dl>
      <Actions session={session} />
    </>
  );
}

function Expiry({ session: { expirySeconds, expiresAt } }: { session: DurableSessionDetail }) {
  if (expirySeconds === null) return texts.never;
  if (expiresAt === null) return texts.afterwards(formatDuration(expirySeconds * 1000));
  return <RelativeTime at={expiresAt} />;
}

function Actions({ session }: { session: DurableSessionDetail }) {
  const [asked, setAsked] = useState<'drop' | 'purge' | null>(null);
  const close = () => setAsked(null);
  return (
    <Group gap="xs" mt="md">
      <PermittedButton
        permission="clients:write"
        size="xs"
        variant="outline"
        color="danger"
        leftSection={<IconEraser size={14} aria-hidden />}
        disabledReason={session.queued > 0 ? null : texts.drop.nothing}
        onClick={() => setAsked('drop')}
      >
        {texts.drop.button}
      </PermittedButton>
      <PermittedButton
        permission="clients:write"
        size="xs"
        variant="outline"
        color="danger"
        leftSection={<IconTrash size={14} aria-hidden />}
        onClick={() => setAsked('purge')}
      >
        {texts.purge.button}
      </PermittedButton>
      <DropQueueDialog session={session} opened={asked === 'drop'} onClose={close} />
      <PurgeDialog session={session} opened={asked === 'purge'} onClose={close} />
    </Group>
  );
}
