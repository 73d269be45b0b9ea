import { NativeSelect, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { type KickCode, kickTexts as texts } from './kick-texts.js';
import { clientDetailKey, kickClient } from './queries.js';

/** What the server says where nothing is chosen. */
const USUAL_CODE: KickCode = 0x98;

const codes = Object.entries(texts.codes).map(([value, name]) => ({ value, label: texts.codeOption(value, name) }));

/** Asks before a client's connection is closed, and says that it may come back. */
export function KickDialog({ clientId, opened, onClose }: { clientId: string; opened: boolean; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const [reasonCode, setReasonCode] = useState(USUAL_CODE);
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
    setReasonCode(USUAL_CODE);
    onClose();
  };
  const body = { ...(reason !== '' && { reason }), ...(reasonCode !== USUAL_CODE && { reasonCode }) };
  return (
    <ConfirmDialog
      opened={opened}
      title={texts.title(clientId)}
      action={texts.action}
      isPending={isPending}
      error={error}
      onClose={close}
      onConfirm={() => mutate({ path: { clientId }, body })}
    >
      <Stack gap="sm">
        {texts.text}
        <TextInput
          label={texts.reason}
          value={reason}
          maxLength={200}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <NativeSelect
          label={texts.code}
          description={texts.codeHint}
          data={codes}
          value={reasonCode}
          onChange={(event) => setReasonCode(Number(event.currentTarget.value) as KickCode)}
        />
      </Stack>
    </ConfirmDialog>
  );
}
