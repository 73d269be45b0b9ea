import { Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { kickTexts as texts } from './kick-texts.js';
import { clientDetailKey, kickClient } from './queries.js';

/** Asks before a client's connection is closed, and says that it may come back. */
export function KickDialog({ clientId, opened, onClose }: { clientId: string; opened: boolean; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const queryClient = useQueryClient();
  const { mutate, isPending, error, reset } = useMutation({
    ...kickClient,
    onSuccess: async () => {
      notifyDone(texts.done(clientId));
      close();
      await queryClient.invalidateQueries({ queryKey: clientDetailKey(clientId) });
    },
  });
  const close = () => {
    reset();
    setReason('');
    onClose();
  };
  return (
    <ConfirmDialog
      opened={opened}
      title={texts.title(clientId)}
      action={texts.action}
      isPending={isPending}
      error={error}
      onClose={close}
      onConfirm={() => mutate({ path: { clientId }, body: reason === '' ? {} : { reason } })}
    >
      <Stack gap="sm">
        {texts.text}
        <TextInput
          label={texts.reason}
          value={reason}
          maxLength={200}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Stack>
    </ConfirmDialog>
  );
}
