import { ActionIcon, Checkbox, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { usePermission } from '../../shared/session/session.js';
import { BanItems } from './ban-menu.js';
import type { PresenceRow } from './presence-row.js';
import { clientsTexts } from './texts.js';
import { useIsChosen, useSelection } from './use-client-selection.js';

const texts = clientsTexts.row;

/** Chooses the client of a row. Out of the way of the keyboard: `x` on the row does the same. */
export function RowCheckbox({ clientId }: { clientId: string }) {
  const selection = useSelection();
  const isChosen = useIsChosen(clientId);
  return (
    <Checkbox
      size="xs"
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
  const mayBan = usePermission('clients:write');
  if (!mayBan) return null;
  const button = (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={24}
      aria-label={texts.menu(row.clientId)}
      onClick={() => setOpened(true)}
    >
      <IconDots size={16} aria-hidden />
    </ActionIcon>
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
