import { Button, Group, Modal, NativeSelect, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { ApiKey } from '../../shared/api/generated/types.gen.js';
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.js';
import { FormProblem } from '../../shared/ui/form-problem.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { KeySecret } from './key-secret.js';
import { useRevokeApiKey, useRotateApiKey } from './queries.js';
import { apiKeysTexts } from './texts.js';

/** What is to be done with one key in a dialog. */
export interface KeyTask {
  readonly kind: 'rotate' | 'revoke';
  readonly apiKey: ApiKey;
}

interface TaskProps {
  readonly apiKey: ApiKey;
  readonly onClose: () => void;
}

/** The dialog of the task at hand, if there is one. */
export function KeyDialog({ task, onClose }: { task: KeyTask | null; onClose: () => void }) {
  if (task === null) return null;
  const { kind, apiKey } = task;
  if (kind === 'revoke') return <RevokeKey apiKey={apiKey} onClose={onClose} />;
  return (
    <Modal
      opened
      onClose={onClose}
      title={apiKeysTexts.rotateTitle(apiKey.name)}
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      <RotateKey apiKey={apiKey} onClose={onClose} />
    </Modal>
  );
}

const keeps = (['0', '60', '1440', '10080'] as const).map((value) => ({ value, label: apiKeysTexts.keeps[value] }));

function RotateKey({ apiKey, onClose }: TaskProps) {
  const rotate = useRotateApiKey();
  const [keepOld, setKeepOld] = useState('60');
  if (rotate.data) return <KeySecret issued={rotate.data} onClose={onClose} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rotate.mutate({ path: { id: apiKey.id }, body: { keepOldMinutes: Number(keepOld) } });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="md">{apiKeysTexts.rotateText}</Text>
        <NativeSelect
          label={apiKeysTexts.keepOld}
          data={keeps}
          value={keepOld}
          onChange={(event) => setKeepOld(event.currentTarget.value)}
          data-autofocus
        />
        <FormProblem error={rotate.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={rotate.isPending}>
            {apiKeysTexts.rotateSubmit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function RevokeKey({ apiKey, onClose }: TaskProps) {
  const revoke = useRevokeApiKey();
  const confirm = () => {
    const onSuccess = () => {
      notifyDone(apiKeysTexts.revoked(apiKey.name));
      onClose();
    };
    revoke.mutate({ path: { id: apiKey.id } }, { onSuccess });
  };
  return (
    <ConfirmDialog
      opened
      title={apiKeysTexts.revokeTitle(apiKey.name)}
      action={apiKeysTexts.revokeSubmit}
      onConfirm={confirm}
      onClose={onClose}
      isPending={revoke.isPending}
      error={revoke.error}
    >
      {apiKeysTexts.revokeText}
    </ConfirmDialog>
  );
}
