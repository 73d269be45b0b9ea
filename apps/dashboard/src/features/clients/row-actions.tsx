import { Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { RowButton } from '../../shared/ui/row-button.js';
import { BanItems } from './ban-menu.js';
import type { PresenceRow } from './presence-row.js';
import { clientsTexts } from './texts.js';
import { useIsChosen, useSelection } from './use-client-selection.js';
import classes from './presence-table.module.css';

const texts = clientsTexts.row;

/** Chooses the client of a row. Out of the way of the keyboard: `x` on the row does the same. */
export function RowCheckbox({ clientId }: { clientId: string }) {
  const selection = useSelection();
  const isChosen = useIsChosen(clientId);
  return (
    <input
      type="checkbox"
      className={classes.choose}
      tabIndex={-1}
      aria-label={texts.choose(clientId)}
      checked={isChosen}
      onChange={() => selection.toggle(clientId)}
      onClick={(event) => event.stopPropagation()}
    />
  );
}

/** What can be done with the client of a row; made when it is first opened, because there are many rows. */
export function RowMenu({ row }: { row: PresenceRow }) {
  const [wasOpened, setOpened] = useState(false);
  const button = (
    <RowButton aria-label={texts.menu(row.clientId)} onClick={() => setOpened(true)}>
      <IconDots size={16} aria-hidden />
    </RowButton>
  );
  if (!wasOpened) return button;
  return (
    <Menu position="bottom-end" defaultOpened withinPortal>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown maw="100%" onClick={(event) => event.stopPropagation()}>
        <BanItems client={row} />
      </Menu.Dropdown>
    </Menu>
  );
}
