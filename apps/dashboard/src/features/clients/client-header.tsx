import { Button, Group, Stack, Text } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ClientDetail } from '../../shared/api/generated/types.gen.js';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { formatDuration } from '../../shared/ui/format.js';
import { GuardedButton } from '../../shared/ui/guarded-button.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { KickDialog } from './kick-dialog.js';
import { clientsTexts } from './texts.js';

const texts = clientsTexts.drawer;

/** Whether the client is there, since when and why, and what can be done about it. */
export function ClientHeader({ client }: { client: ClientDetail }) {
  const [isKicking, setKicking] = useState(false);
  return (
    <Stack gap="sm">
      <Text component="div" size="sm">
        <Group gap="xs">
          <StatusMark kind={client.online ? 'online' : 'offline'}>
            {client.online ? texts.onlineSince : texts.offlineSince}
          </StatusMark>
          <RelativeTime at={client.since} />
          {client.reason !== null && <span>· {client.reason}</span>}
          {client.connectedForMs !== null && (
            <span>
              · {texts.connectedFor.toLowerCase()} {formatDuration(client.connectedForMs)}
            </span>
          )}
        </Group>
      </Text>
      <Group gap="xs">
        <TestAccessLink client={client} />
        <CopyButton value={JSON.stringify(client, null, 2)} label={texts.copyJson} withText />
        <GuardedButton
          permission="clients:write"
          size="xs"
          variant="outline"
          color="danger"
          leftSection={<IconPlugConnectedX size={14} aria-hidden />}
          disabledReason={client.online ? null : clientsTexts.kick.offline}
          onClick={() => setKicking(true)}
        >
          {texts.kick}
        </GuardedButton>
      </Group>
      <KickDialog clientId={client.clientId} opened={isKicking} onClose={() => setKicking(false)} />
    </Stack>
  );
}

function TestAccessLink({ client }: { client: ClientDetail }) {
  return (
    <Button
      size="xs"
      variant="default"
      renderRoot={(props) => (
        <Link
          to="/access/rules"
          search={{
            tab: 'test',
            client: client.clientId,
            username: client.username ?? undefined,
            address: client.address ?? undefined,
          }}
          {...props}
        />
      )}
    >
      {texts.test}
    </Button>
  );
}
