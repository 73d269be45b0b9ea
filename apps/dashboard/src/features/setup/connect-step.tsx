import { Group, Loader, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ConnectSnippets } from '../../shared/connect/connect-snippets.js';
import type { SnippetLogin } from '../../shared/connect/snippets.js';
import { LinkButton } from '../../shared/ui/links.js';
import { ErrorState } from '../../shared/ui/states.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { firstClient } from './queries.js';
import { setupTexts } from './texts.js';

/** Shows how to connect a device, and turns green when the first one does. */
export function ConnectStep({ login }: { login: SnippetLogin | null }) {
  return (
    <Stack>
      <Text c="dimmed">{setupTexts.connectIntro}</Text>
      <ConnectSnippets login={login ?? undefined} />
      <FirstClient />
      <Group justify="flex-end">
        <LinkButton to="/tools/client" search={{ username: login?.username }} variant="default">
          {setupTexts.testClient}
        </LinkButton>
        <LinkButton to="/">{setupTexts.toOverview}</LinkButton>
      </Group>
    </Stack>
  );
}

function FirstClient() {
  const { data: client, error, refetch } = useQuery(firstClient());
  // Whoever waits has to know that nobody looks.
  if (error && !client) return <ErrorState error={error} onRetry={() => refetch()} />;
  return (
    <Group gap="xs" role="status">
      {client ? (
        <StatusMark kind={client.online ? 'online' : 'allow'}>
          {client.online ? setupTexts.arrived(client.clientId) : setupTexts.wasHere(client.clientId)}
        </StatusMark>
      ) : (
        <>
          <Loader size={14} color="gray" aria-hidden />
          <Text c="dimmed">{setupTexts.waiting}</Text>
        </>
      )}
    </Group>
  );
}
