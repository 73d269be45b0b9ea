import { Group, Stack, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useState } from 'react';
import type { ClientDetail } from '../../shared/api/generated/types.gen.js';
import { reasonText } from '../../shared/reasons/reason-text.js';
import { usePermission } from '../../shared/session/session.js';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { formatDuration } from '../../shared/ui/format.js';
import { LinkButton } from '../../shared/ui/links.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { BanMenu } from './ban-menu.js';
import { BannedMark, FlappingMark } from './flapping-badge.js';
import { KickDialog } from './kick-dialog.js';
import { kickTexts } from './kick-texts.js';
import { stateOf } from './presence-row.js';
import { clientsTexts } from './texts.js';

const texts = clientsTexts.drawer;

/** Whether the client is there, since when and why, and what can be done about it. */
export function ClientHeader({ client }: { client: ClientDetail }) {
  const [isKicking, setKicking] = useState(false);
  return (
    <Stack gap="sm">
      <Text component="div" size="sm">
        <Group gap="xs">
          <StatusMark kind={stateOf(client)}>{texts.since[stateOf(client)]}</StatusMark>
          <RelativeTime at={client.since} />
          {client.banned && <BannedMark />}
          {client.flapping && <FlappingMark flaps={client.flaps ?? 0} />}
          {client.reason !== null && <span>· {reasonText(client.reason)}</span>}
          {client.connectedForMs !== null && (
            <span>
              · {texts.connectedFor.toLowerCase()} {formatDuration(client.connectedForMs)}
            </span>
          )}
        </Group>
      </Text>
      <Group gap="xs">
        <TestAccessLink client={client} />
        <TailLink clientId={client.clientId} />
        <CopyButton value={JSON.stringify(client, null, 2)} label={texts.jsonOfClient} withText={texts.json} />
        <PermittedButton
          permission="clients:write"
          size="xs"
          variant="outline"
          color="danger"
          leftSection={<IconPlugConnectedX size={14} aria-hidden />}
          disabledReason={client.online ? null : kickTexts.offline}
          onClick={() => setKicking(true)}
        >
          {texts.kick}
        </PermittedButton>
        <BanMenu client={client} />
      </Group>
      <KickDialog clientId={client.clientId} opened={isKicking} onClose={() => setKicking(false)} />
    </Stack>
  );
}

/** The live tail of the topics page, of this client alone; it begins when the operator says so, because that is audited. */
function TailLink({ clientId }: { clientId: string }) {
  const mayRead = usePermission('messages:read');
  if (!mayRead) return null;
  return (
    <LinkButton size="xs" variant="default" to="/topics" search={{ tab: 'tail', client: clientId }}>
      {texts.tail}
    </LinkButton>
  );
}

function TestAccessLink({ client: { clientId, username, address } }: { client: ClientDetail }) {
  // As a live one: its labels and what it brought along count, too.
  const who = { client: clientId, username: username ?? undefined, address: address ?? undefined };
  const search = { ...who, live: '1' } as const;
  return (
    <LinkButton size="xs" variant="default" to="/access/rules" search={search}>
      {texts.test}
    </LinkButton>
  );
}
