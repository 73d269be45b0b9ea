import { Drawer } from '@mantine/core';
import { literal } from '../../../shared/ui/literal.js';
import { uiTexts } from '../../../shared/ui/texts.js';
import { topicsTexts } from '../texts.js';
import { MessageView } from './message-view.js';
import type { Seen } from './tail-feed.js';

interface TailDrawerProps {
  readonly rows: readonly Seen[];
  readonly openId: number | null;
  readonly onClose: () => void;
}

/** One message of the tail beside the list. */
export function TailDrawer({ rows, openId, onClose }: TailDrawerProps) {
  const index = openId === null ? -1 : rows.findIndex(({ id }) => id === openId);
  const message = rows[index]?.message;
  const before = message && rows.slice(index + 1).find((other) => other.message.topic === message.topic);
  return (
    <Drawer.Root opened={message !== undefined} onClose={onClose} position="right" size={560}>
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content aria-label={message && topicsTexts.tail.drawerLabel(message.topic)}>
        <Drawer.Header>
          <Drawer.Title className="perch-mono" style={{ overflowWrap: 'anywhere' }}>
            {literal(message?.topic)}
          </Drawer.Title>
          <Drawer.CloseButton aria-label={uiTexts.close} data-autofocus />
        </Drawer.Header>
        <Drawer.Body>{message && <MessageView message={message} previous={before?.message ?? null} />}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
