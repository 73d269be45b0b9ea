import { Button, Menu } from '@mantine/core';
import { IconBan } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import type { ClientDetail } from '../../shared/api/generated/types.gen.js';
import { reportError } from '../../shared/report-error.js';
import { usePermission } from '../../shared/session/session.js';
import { Literal } from '../../shared/ui/literal.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { clientsTexts } from './texts.js';

const texts = clientsTexts.ban;
const look = {
  size: 'xs',
  variant: 'outline',
  color: 'danger',
  leftSection: <IconBan size={14} aria-hidden />,
} as const;

/** Leads to the form of a ban, filled in with the client's id, user or address. */
export function BanMenu({ client }: { client: ClientDetail }) {
  const mayBan = usePermission('clients:write');
  if (!mayBan) {
    return (
      <PermittedButton permission="clients:write" {...look} onClick={() => undefined}>
        {texts.button}
      </PermittedButton>
    );
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button {...look}>{texts.button}</Button>
      </Menu.Target>
      <Menu.Dropdown maw="100%">
        <BanItems client={client} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** The ways to ban a client, as items of a menu. */
export function BanItems({ client }: { client: Pick<ClientDetail, 'clientId' | 'username' | 'address'> }) {
  const router = useRouter();
  const targets = [
    { kind: 'clientid', value: client.clientId },
    { kind: 'username', value: client.username },
    { kind: 'ipaddr', value: client.address },
  ] as const;
  return targets.map(
    ({ kind, value }) =>
      value !== null && (
        <Menu.Item
          key={kind}
          style={{ overflowWrap: 'anywhere' }}
          onClick={() => {
            router.navigate({ to: '/access/bans', search: { new: kind, value } }).catch(reportError);
          }}
        >
          {texts[kind]} <Literal>{value}</Literal>
        </Menu.Item>
      ),
  );
}
