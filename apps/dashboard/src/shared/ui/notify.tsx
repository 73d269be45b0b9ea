import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { ApiError } from '../api/api-error.js';
import { literal } from './literal.js';
import { uiTexts } from './texts.js';

const closeButtonProps = { 'aria-label': uiTexts.dismiss };

/** Tells that something was done. */
export function notifyDone(message: string): void {
  notifications.show({
    message: literal(message),
    color: 'online',
    autoClose: 4000,
    withBorder: true,
    closeButtonProps,
  });
}

/** Tells that something failed: what, why and the request id. Use it only where no control is near to show it. */
export function notifyError(what: string, error: Error): void {
  const requestId = error instanceof ApiError ? error.requestId : null;
  notifications.show({
    title: literal(what),
    message: requestId === null ? error.message : `${error.message} (${uiTexts.requestId} ${requestId})`,
    color: 'danger',
    autoClose: 10_000,
    withBorder: true,
    role: 'alert',
    closeButtonProps,
  });
}

/** What the messages that are shown offer to take back, by message; the newest last. */
const offered = new Map<string, () => void>();

/** Tells that something was done and can be taken back for ten seconds, by its button or {@link takeBackNewest}. */
export function notifyUndo(message: string, undo: () => void): void {
  const id = notifications.show({
    color: 'accent',
    autoClose: 10_000,
    withBorder: true,
    closeButtonProps,
    onClose: () => offered.delete(id),
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{literal(message)}</Text>
        <Button size="compact-sm" variant="default" aria-keyshortcuts="Control+Z Meta+Z" onClick={() => takeBack(id)}>
          {uiTexts.undo}
        </Button>
      </Group>
    ),
  });
  offered.set(id, undo);
}

/** Takes back what the newest message offers; false when none offers anything. */
export function takeBackNewest(): boolean {
  const newest = [...offered.keys()].at(-1);
  if (newest === undefined) return false;
  takeBack(newest);
  return true;
}

function takeBack(id: string): void {
  const undo = offered.get(id);
  offered.delete(id);
  notifications.hide(id);
  undo?.();
}
