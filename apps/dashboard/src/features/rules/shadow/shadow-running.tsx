import { Group, Stack, Text } from '@mantine/core';
import { type Dispatch, useState } from 'react';
import { ConfirmDialog } from '../../../shared/ui/confirm-dialog.js';
import { PermittedButton } from '../../../shared/ui/permitted-button.js';
import { RelativeTime } from '../../../shared/ui/relative-time.js';
import type { Draft, DraftAction } from '../draft.js';
import { shadowTexts as texts } from './texts.js';
import { type ShadowDraft, useStopShadow, useTakeShadow } from './use-shadow.js';

interface ShadowRunningProps {
  readonly shadow: ShadowDraft;
  readonly draft: Draft;
  readonly dispatch: Dispatch<DraftAction>;
}

/** The draft that is judged: whose it is, and what can be done with it. */
export function ShadowRunning({ shadow, draft, dispatch }: ShadowRunningProps) {
  const [isStopping, setStopping] = useState(false);
  const close = () => setStopping(false);
  const stop = useStopShadow(close);
  const take = useTakeShadow(draft, dispatch);
  const { author, startedAt, basedOn, note } = shadow;
  return (
    <Stack gap="xs">
      <Text size="sm">
        {texts.since(author)} <RelativeTime at={startedAt} />, {texts.basedOn(basedOn, draft.saved.revision)}
      </Text>
      {note !== '' && <Text size="sm">{note}</Text>}
      <Group gap="xs">
        <PermittedButton permission="policy:write" variant="default" size="xs" onClick={() => take(shadow)}>
          {texts.take}
        </PermittedButton>
        <PermittedButton
          permission="policy:write"
          variant="outline"
          color="danger"
          size="xs"
          onClick={() => setStopping(true)}
        >
          {texts.stop}
        </PermittedButton>
      </Group>
      <ConfirmDialog
        opened={isStopping}
        title={texts.stopTitle}
        action={texts.stopAction}
        isPending={stop.isPending}
        error={stop.error}
        onConfirm={() => stop.mutate()}
        onClose={close}
      >
        {texts.stopText}
      </ConfirmDialog>
    </Stack>
  );
}
