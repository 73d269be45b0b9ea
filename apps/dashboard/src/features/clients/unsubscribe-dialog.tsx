import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { refreshSession, unsubscribeClient } from './queries.js';
import { clientsTexts } from './texts.js';

const texts = clientsTexts.unsubscribe;

interface UnsubscribeDialogProps {
  readonly clientId: string;
  /** Null while nothing is asked. */
  readonly filter: string | null;
  readonly onClose: () => void;
}

/** Asks before a subscription is taken away from a client: nobody tells the client. */
export function UnsubscribeDialog({ clientId, filter, onClose }: UnsubscribeDialogProps) {
  const queryClient = useQueryClient();
  const { mutate, isPending, error, reset } = useMutation({
    ...unsubscribeClient,
    onSuccess: async () => {
      notifyDone(texts.done(filter ?? ''));
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
      opened={filter !== null}
      title={texts.title(clientId, filter ?? '')}
      action={texts.action}
      isPending={isPending}
      error={error}
      onClose={close}
      onConfirm={() => mutate({ path: { clientId }, query: { filter: filter ?? '' } })}
    >
      {texts.text}
    </ConfirmDialog>
  );
}
