import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { DurableSessionDetail } from '../../shared/api/generated/types.gen.js';
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.js';
import { formatCount } from '../../shared/ui/format.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { dropQueue, forgetSession, purgeSession, refreshSession } from './queries.js';
import { clientsTexts } from './texts.js';

const { drop, purge } = clientsTexts.durable;

interface SessionDialogProps {
  readonly session: DurableSessionDetail;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Asks before what waits for a client is dropped. */
export function DropQueueDialog({ session: { clientId, queued }, opened, onClose }: SessionDialogProps) {
  const queryClient = useQueryClient();
  const { mutate, isPending, error, reset } = useMutation({
    ...dropQueue,
    onSuccess: async ({ dropped }) => {
      notifyDone(drop.done(formatCount(dropped)));
      close();
      await refreshSession(queryClient, clientId);
    },
  });
  const close = () => {
    reset();
    onClose();
  };
  return (
    <ConfirmDialog
      opened={opened}
      title={drop.title(clientId)}
      action={drop.action}
      isPending={isPending}
      error={error}
      onClose={close}
      onConfirm={() => mutate({ path: { clientId } })}
    >
      {drop.text(formatCount(queued))}
    </ConfirmDialog>
  );
}

/** Asks before a session is ended with all that is kept for its client. */
export function PurgeDialog({ session, opened, onClose }: SessionDialogProps) {
  const { clientId, queued, subscriptionCount } = session;
  const queryClient = useQueryClient();
  const { mutate, isPending, error, reset } = useMutation({
    ...purgeSession,
    onSuccess: async () => {
      notifyDone(purge.done(clientId));
      close();
      await forgetSession(queryClient, clientId);
    },
  });
  const close = () => {
    reset();
    onClose();
  };
  return (
    <ConfirmDialog
      opened={opened}
      title={purge.title(clientId)}
      action={purge.action}
      isPending={isPending}
      error={error}
      onClose={close}
      onConfirm={() => mutate({ path: { clientId } })}
    >
      {purge.text(formatCount(queued), formatCount(subscriptionCount))}
    </ConfirmDialog>
  );
}
