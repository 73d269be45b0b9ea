import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconEdit, IconLock, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../../shared/api/api-error.js';
import type { RetainedMessage } from '../../shared/api/generated/types.gen.js';
import { bytesInBase64 } from '../../shared/payload/payload.js';
import { reportError } from '../../shared/report-error.js';
import { Literal } from '../../shared/ui/literal.js';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { formatBytes } from '../../shared/ui/format.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { notifyError, notifyUndo } from '../../shared/ui/notify.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { EmptyState, ErrorState } from '../../shared/ui/states.js';
import { MessageProperties } from './message-properties.js';
import { PayloadViewer, type ViewOfPayload } from './payload-viewer.js';
import { PublishDialog } from './publish-dialog.js';
import { refreshRetained, removeRetained, restoreRetained, retainedMessage } from './queries.js';
import { retainedTexts } from './texts.js';

const texts = retainedTexts.drawer;

/** Instead of a payload, for who may not read it. */
export function HiddenPayload() {
  return (
    <EmptyState icon={IconLock} title={texts.hiddenTitle}>
      {texts.hiddenText}
    </EmptyState>
  );
}

interface MessageDetailsProps {
  readonly topic: string;
  /** It was deleted here. */
  readonly onGone?: () => void;
  /** How the payload is looked at, where that is kept elsewhere. */
  readonly view?: ViewOfPayload | undefined;
  readonly onView?: (view: ViewOfPayload) => void;
}

/** A retained message with all that it says, and what can be done with it. */
export function MessageDetails({ topic, onGone, view, onView }: MessageDetailsProps) {
  const [isAllWanted, setAllWanted] = useState(false);
  const { data, error, refetch, isFetching } = useQuery(retainedMessage(topic, isAllWanted));
  if (error instanceof ApiError && error.status === 404) {
    return <EmptyState title={texts.goneTitle}>{texts.goneText}</EmptyState>;
  }
  if (error && !data) {
    const retry = () => {
      refetch().catch(reportError);
    };
    return <ErrorState error={error} onRetry={retry} />;
  }
  if (!data) return <Skeleton height={240} />;
  const loaded = bytesInBase64(data.payload);
  const isCut = loaded < data.size;
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed" component="div">
        {formatBytes(data.size)} · QoS {data.qos} · <Literal>{data.publisher}</Literal> ·{' '}
        <RelativeTime at={data.storedAt} />
        {data.expiresAt !== null && (
          <>
            {' '}
            · {texts.expires} <RelativeTime at={data.expiresAt} />
          </>
        )}
      </Text>
      <MessageActions message={data} isCut={isCut} onGone={onGone} />
      {isCut && (
        <Text size="sm" component="div">
          {texts.loaded(formatBytes(loaded), formatBytes(data.size))}{' '}
          <Button variant="default" size="compact-sm" loading={isFetching} onClick={() => setAllWanted(true)}>
            {texts.loadAll}
          </Button>
        </Text>
      )}
      <PayloadViewer key={data.storedAt} payload={data.payload} isCut={isCut} view={view} onView={onView} />
      {data.properties && <MessageProperties properties={data.properties} />}
    </Stack>
  );
}

interface ActionsProps {
  readonly message: RetainedMessage;
  /** Only the beginning of it is here. */
  readonly isCut: boolean;
  readonly onGone?: (() => void) | undefined;
}

function MessageActions({ message, isCut, onGone }: ActionsProps) {
  const [isEditing, setEditing] = useState(false);
  const { remove, isPending, error } = useRemoval(message.topic, onGone);
  return (
    <Group gap="xs">
      <PermittedButton
        permission="messages:write"
        size="xs"
        variant="default"
        leftSection={<IconEdit size={14} aria-hidden />}
        disabledReason={isCut ? texts.editNeedsAll : null}
        onClick={() => setEditing(true)}
      >
        {texts.edit}
      </PermittedButton>
      <CopyButton value={message.topic} label={texts.copyTopic} withText />
      <PermittedButton
        permission="messages:write"
        size="xs"
        variant="outline"
        color="danger"
        leftSection={<IconTrash size={14} aria-hidden />}
        loading={isPending}
        onClick={remove}
      >
        {texts.delete}
      </PermittedButton>
      {error && (
        <Text size="sm" c="danger" role="alert">
          {error.message}
        </Text>
      )}
      <PublishDialog opened={isEditing} onClose={() => setEditing(false)} message={message} />
    </Group>
  );
}

/** Deletes at once: the server keeps what it was for as long as it can be taken back. */
function useRemoval(topic: string, onGone: (() => void) | undefined) {
  const queryClient = useQueryClient();
  const restoring = useMutation({
    ...restoreRetained,
    onSuccess: () => refreshRetained(queryClient, topic),
    onError: (error) => notifyError(retainedTexts.remove.notRestored(topic), error),
  });
  const { mutate, isPending, error } = useMutation({
    ...removeRetained,
    onSuccess: async () => {
      notifyUndo(retainedTexts.remove.done(topic), () => restoring.mutate({ query: { topic } }));
      onGone?.();
      await refreshRetained(queryClient, topic);
    },
  });
  return { remove: () => mutate({ query: { topic } }), isPending, error };
}
