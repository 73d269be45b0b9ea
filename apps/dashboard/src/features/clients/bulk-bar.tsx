import { Button, Group, Text } from '@mantine/core';
import { useState } from 'react';
import { formatCount } from '../../shared/ui/format.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { useCopy } from '../../shared/ui/use-copy.js';
import { type BulkAction, BulkDialog } from './bulk-dialog.js';
import type { PresenceStore } from './presence-store.js';
import { clientsTexts } from './texts.js';
import { useChosen, useSelection } from './use-client-selection.js';

const texts = clientsTexts.bulk;

const actions: readonly BulkAction[] = ['kick', 'ban', 'clear'];

interface BulkBarProps {
  readonly store: PresenceStore;
  /** The ids that the list shows, in its order. */
  readonly shown: () => readonly string[];
  readonly shownCount: number;
}

/** What can be done with all clients that are chosen. Nothing while nobody is. */
export function BulkBar({ store, shown, shownCount }: BulkBarProps) {
  const selection = useSelection();
  const chosen = useChosen();
  const { isCopied, copy } = useCopy();
  const [action, setAction] = useState<BulkAction | null>(null);
  if (chosen.size === 0) return null;
  return (
    <Group gap="xs" role="toolbar" aria-label={texts.bar}>
      <Text size="sm" fw={500} aria-live="polite">
        {texts.chosen(formatCount(chosen.size))}
      </Text>
      {chosen.size < shownCount && (
        <Button variant="subtle" size="xs" onClick={() => selection.choose(shown())}>
          {texts.all(formatCount(shownCount))}
        </Button>
      )}
      {actions.map((each) => (
        <PermittedButton
          key={each}
          permission="clients:write"
          size="xs"
          variant="outline"
          color="danger"
          onClick={() => setAction(each)}
        >
          {texts[each].button}
        </PermittedButton>
      ))}
      <Button variant="default" size="xs" onClick={() => copy([...chosen].join('\n'))}>
        {isCopied ? texts.copied : texts.copy}
      </Button>
      <Button variant="subtle" size="xs" onClick={selection.clear}>
        {texts.none}
      </Button>
      <BulkDialog store={store} action={action} chosen={chosen} onClose={() => setAction(null)} />
    </Group>
  );
}
