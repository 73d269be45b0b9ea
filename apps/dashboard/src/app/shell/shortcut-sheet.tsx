import { Kbd, Modal, Text } from '@mantine/core';
import { useSession } from '../../shared/session/session.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { navigationFor } from './navigation.js';
import { shellTexts } from './texts.js';
import classes from './shortcut-sheet.module.css';

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The key that goes with letters for commands on this computer. */
export const commandKey = isMac ? '⌘' : 'Ctrl';

/** All keys that work everywhere. */
export function ShortcutSheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const pages = navigationFor(useSession()?.permissions ?? []).flatMap((group) => group.items);
  const rows: [keys: readonly string[], does: string][] = [
    [[commandKey, 'K'], shellTexts.keyPalette],
    [['/'], shellTexts.keyFilter],
    [['Esc'], shellTexts.keyEscape],
    [[commandKey, 'Z'], shellTexts.keyUndo],
    ...pages.map((page): [string[], string] => [['g', page.key], shellTexts.goTo(page.label)]),
    [['?'], shellTexts.keySheet],
  ];
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={shellTexts.shortcutSheet}
      closeButtonProps={{ 'aria-label': uiTexts.close }}
    >
      <dl className={classes.sheet}>
        {rows.map(([keys, does]) => (
          <div key={does} className={classes.row}>
            <dt>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <Text size="sm" c="dimmed" mt="md">
        {shellTexts.shortcutHint}
      </Text>
    </Modal>
  );
}
