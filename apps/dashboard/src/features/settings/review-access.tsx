import { Alert, Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../../shared/api/api-error.js';
import type { AccessDoc } from '../../shared/api/generated/types.gen.js';
import { DiffView } from '../../shared/ui/diff-view.js';
import { FormProblem } from '../../shared/ui/form-problem.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { type AccessContent, contentOf, describe } from './access-draft.js';
import { useSaveAccess } from './queries.js';
import { settingsTexts } from './texts.js';

interface ReviewAccessProps {
  readonly opened: boolean;
  readonly saved: AccessDoc;
  readonly content: AccessContent;
  readonly onSaved: (doc: AccessDoc) => void;
  readonly onClose: () => void;
}

/** What saving will change, before it is saved. */
export function ReviewAccess({ opened, onClose, ...rest }: ReviewAccessProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={settingsTexts.reviewTitle}
      size="xl"
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      <ReviewForm onClose={onClose} {...rest} />
    </Modal>
  );
}

function ReviewForm({ saved, content, onSaved, onClose }: Omit<ReviewAccessProps, 'opened'>) {
  const save = useSaveAccess();
  const [reconnect, setReconnect] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = { authenticators: [...content.authenticators], authorizers: [...content.authorizers], reconnect };
    const onSuccess = (doc: AccessDoc) => {
      notifyDone(settingsTexts.done(doc.revision));
      onSaved(doc);
      onClose();
    };
    save.mutate({ body, headers: { 'If-Match': `"${saved.revision}"` } }, { onSuccess });
  };
  const isLate = save.error instanceof ApiError && save.error.status === 412;
  return (
    <form onSubmit={submit}>
      <Stack>
        <DiffView label={settingsTexts.changes} before={describe(contentOf(saved))} after={describe(content)} />
        <Text size="xs" c="dimmed">
          {settingsTexts.changesHint}
        </Text>
        <Checkbox
          label={settingsTexts.reconnect}
          description={settingsTexts.reconnectHint}
          checked={reconnect}
          onChange={(event) => setReconnect(event.currentTarget.checked)}
        />
        {isLate ? (
          <Alert color="warning" variant="light" role="alert">
            {settingsTexts.mismatch}
          </Alert>
        ) : (
          <FormProblem error={save.error} />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={save.isPending} data-autofocus>
            {settingsTexts.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
