import { Button, Group, TextInput } from '@mantine/core';
import { IconDownload, IconEraser, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { downloadText } from '../../../shared/download.js';
import { topicsTexts } from '../texts.js';
import type { TailRow } from './tail-cells.js';

const texts = topicsTexts.tail;

interface TailToolbarProps {
  readonly rows: readonly TailRow[];
  readonly isPaused: boolean;
  readonly onPause: () => void;
  readonly onClear: () => void;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly path: string;
  readonly isPath: boolean;
  readonly onPath: (path: string) => void;
}

/** What can be done with the messages that were seen. */
export function TailToolbar(props: TailToolbarProps) {
  const { rows, isPaused } = props;
  return (
    <Group gap="xs" align="flex-end">
      <Button
        size="xs"
        variant="default"
        leftSection={isPaused ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />}
        onClick={props.onPause}
      >
        {isPaused ? texts.resume : texts.pause}
      </Button>
      <Button size="xs" variant="default" leftSection={<IconEraser size={14} aria-hidden />} onClick={props.onClear}>
        {texts.clear}
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconDownload size={14} aria-hidden />}
        onClick={() => downloadText('messages.ndjson', ndjsonOf(rows), 'application/x-ndjson')}
      >
        {texts.export}
      </Button>
      <TextInput
        size="xs"
        aria-label={texts.text}
        placeholder={texts.text}
        value={props.text}
        onChange={(event) => props.onText(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        aria-label={texts.path}
        placeholder={`${texts.path}: ${texts.pathHint}`}
        value={props.path}
        error={!props.isPath && texts.badPath}
        spellCheck={false}
        onChange={(event) => props.onPath(event.currentTarget.value)}
      />
    </Group>
  );
}

/** The messages as they are kept here, in the order in which they passed. */
function ndjsonOf(rows: readonly TailRow[]): string {
  return rows
    .toReversed()
    .map(({ message }) => `${JSON.stringify(message)}\n`)
    .join('');
}
