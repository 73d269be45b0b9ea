import { NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '../../shared/ui/confirm-dialog.js';
import { serverNow } from '../../shared/api/server-time.js';
import { formatCount } from '../../shared/ui/format.js';
import { notifyDone } from '../../shared/ui/notify.js';
import type { PresenceStore } from './presence-store.js';
import { banClients, sendAway } from './queries.js';
import { clientsTexts } from './texts.js';

const texts = clientsTexts.bulk;

/** What can be done to many clients at once. */
export type BulkAction = 'kick' | 'ban' | 'clear';

/** Above either the number has to be typed. */
const MANY_CLIENTS = 50;
const MANY_OF_ONLINE = 0.05;

const spans = { '15m': 15 * 60_000, '1h': 3_600_000, '1d': 86_400_000, forever: null } as const;

type Span = keyof typeof spans;

interface BulkDialogProps {
  readonly store: PresenceStore;
  /** Null while nothing is asked. */
  readonly action: BulkAction | null;
  readonly chosen: ReadonlySet<string>;
  readonly onClose: () => void;
}

/** Asks before many clients are sent away, says how many of them are online, and has the number typed where it is large. */
export function BulkDialog({ store, action, chosen, onClose }: BulkDialogProps) {
  const [reason, setReason] = useState('');
  const [span, setSpan] = useState<Span>('1d');
  const { run, isPending, error, reset } = useBulk();
  // What is asked stays what is answered while the dialog goes.
  const [asked, setAsked] = useState<BulkAction>('kick');
  if (action !== null && action !== asked) setAsked(action);
  const online = action === null ? 0 : [...chosen].filter((clientId) => store.rows.get(clientId)?.online).length;
  const close = () => {
    reset();
    onClose();
  };
  return (
    <ConfirmDialog
      opened={action !== null}
      title={texts[asked].title(formatCount(chosen.size))}
      action={texts[asked].action}
      typedName={needsTyping(chosen.size, online, store.getCounts().online) ? String(chosen.size) : undefined}
      isPending={isPending}
      error={error}
      onClose={close}
      onConfirm={() => run({ action: asked, clientIds: [...chosen], reason: reason.trim(), span }, close)}
    >
      <Stack gap="sm">
        <Text size="sm">
          {texts.online(formatCount(online))} {texts[asked].text}
        </Text>
        {asked === 'ban' && (
          <NativeSelect
            label={texts.until}
            data={(Object.keys(spans) as Span[]).map((value) => ({ value, label: texts.spans[value] }))}
            value={span}
            onChange={(event) => setSpan(event.currentTarget.value as Span)}
          />
        )}
        <TextInput
          label={texts.reason}
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Stack>
    </ConfirmDialog>
  );
}

/** Whether so many are meant that a slip would hurt. */
export function needsTyping(chosen: number, chosenOnline: number, allOnline: number): boolean {
  return chosen > MANY_CLIENTS || (chosenOnline > 1 && chosenOnline > allOnline * MANY_OF_ONLINE);
}

interface Bulk {
  readonly action: BulkAction;
  readonly clientIds: string[];
  readonly reason: string;
  readonly span: Span;
}

function useBulk() {
  const away = useMutation(sendAway);
  const ban = useMutation(banClients);
  const run = ({ action, clientIds, reason, span }: Bulk, onDone: () => void) => {
    const tell = (message: string) => {
      notifyDone(message);
      onDone();
    };
    if (action === 'ban') {
      const length = spans[span];
      const until = length === null ? null : new Date(serverNow() + length).toISOString();
      ban.mutate(
        { body: { clientIds, reason, until } },
        { onSuccess: ({ created, existing }) => tell(texts.ban.done(formatCount(created), formatCount(existing))) },
      );
      return;
    }
    away.mutate(
      { body: { action, clientIds, reason } },
      {
        onSuccess: ({ disconnected, cleared }) =>
          tell(texts[action].done(formatCount(disconnected), formatCount(cleared))),
      },
    );
  };
  const reset = () => {
    away.reset();
    ban.reset();
  };
  return { run, reset, isPending: away.isPending || ban.isPending, error: away.error ?? ban.error };
}
