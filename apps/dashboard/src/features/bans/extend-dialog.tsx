import { Button, Group, Modal, Stack, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Ban } from '../../shared/api/generated/types.gen.js';
import { serverNow } from '../../shared/api/server-time.js';
import { fieldError, FormProblem } from '../../shared/ui/form-problem.js';
import { formatExact } from '../../shared/ui/format.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { useNow } from '../../shared/ui/use-now.js';
import { type BanDraft, draftOf, patchOf } from './ban-draft.js';
import { EndFields } from './end-fields.js';
import { useUpdateBan } from './queries.js';
import { bansTexts } from './texts.js';

interface ExtendDialogProps {
  /** The ban that is changed; closed without one. */
  readonly ban: Ban | null;
  readonly onClose: () => void;
}

/** Changes how long a ban holds, and why. */
export function ExtendDialog({ ban, onClose }: ExtendDialogProps) {
  return (
    <Modal
      opened={ban !== null}
      onClose={onClose}
      title={ban && bansTexts.changeTitle(ban)}
      size="lg"
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      {ban && <ExtendForm key={ban.id} ban={ban} onClose={onClose} />}
    </Modal>
  );
}

function ExtendForm({ ban, onClose }: { ban: Ban; onClose: () => void }) {
  const update = useUpdateBan();
  const now = useNow();
  const [draft, setDraft] = useState(() => draftOf(ban));
  const change = (part: Partial<BanDraft>) => setDraft((now) => ({ ...now, ...part }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const body = patchOf(ban, draft, serverNow());
    if (body === null) return;
    const onSuccess = (changed: Ban) => {
      const until = changed.until === null ? bansTexts.forEver : bansTexts.until(formatExact(changed.until));
      notifyDone(bansTexts.changed(changed, until));
      onClose();
    };
    update.mutate({ path: { id: ban.id }, body }, { onSuccess });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <EndFields
          draft={draft}
          onChange={change}
          description={bansTexts.fromNow}
          error={fieldError(update.error, 'until')}
        />
        <Textarea
          label={bansTexts.reason}
          value={draft.reason}
          onChange={(event) => change({ reason: event.currentTarget.value })}
          error={fieldError(update.error, 'reason')}
          maxLength={500}
          autosize
          minRows={2}
        />
        <FormProblem error={update.error} shownFields={['until', 'reason']} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {uiTexts.cancel}
          </Button>
          <Button type="submit" loading={update.isPending} disabled={patchOf(ban, draft, now) === null}>
            {bansTexts.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
