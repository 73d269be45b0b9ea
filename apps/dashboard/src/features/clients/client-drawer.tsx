import { ActionIcon, Drawer, Group, Skeleton, Stack, Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useCallback, useEffect } from 'react';
import { ApiError } from '../../shared/api/api-error.js';
import { reportError } from '../../shared/report-error.js';
import { literal } from '../../shared/ui/literal.js';
import { EmptyState, ErrorState } from '../../shared/ui/states.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { isTyping } from '../../shared/keyboard/use-shortcuts.js';
import { ClientHeader } from './client-header.js';
import { ClientTabs, type DeniedTab } from './client-tabs.js';
import type { PresenceMirror } from './presence-mirror.js';
import type { PresenceRow } from './presence-row.js';
import { clientDetail } from './queries.js';
import { clientsTexts } from './texts.js';
import { useClientsSearch } from './use-clients-search.js';
import { usePresenceRow } from './use-presence-row.js';

const texts = clientsTexts.drawer;

interface ClientDrawerProps {
  readonly mirror: PresenceMirror;
  /** The list behind the drawer, which previous and next step through. */
  readonly rows: readonly PresenceRow[];
  /** What the client was refused, for a tab of its own. */
  readonly denied: DeniedTab;
}

/** One client beside the list: status, session, subscriptions and what can be done. */
export function ClientDrawer({ mirror, rows, denied }: ClientDrawerProps) {
  const [{ c: clientId }, change] = useClientsSearch();
  const close = () => change({ c: undefined, tab: undefined }, true);
  const step = (by: number) => {
    const next = rows[rows.findIndex((row) => row.clientId === clientId) + by];
    if (next) change({ c: next.clientId });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isTyping(event.target) || event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === '[') step(-1);
    if (event.key === ']') step(1);
  };
  return (
    <Drawer.Root
      opened={clientId !== undefined}
      onClose={close}
      position="right"
      size={560}
      onKeyDown={onKeyDown}
      // The row that was open takes the focus back by itself, also after stepping to another.
      returnFocus
    >
      <Drawer.Overlay backgroundOpacity={0.35} />
      <Drawer.Content aria-label={clientId === undefined ? undefined : texts.label(clientId)}>
        <Drawer.Header>
          <Drawer.Title className="perch-mono" style={{ overflowWrap: 'anywhere' }}>
            {literal(clientId)}
          </Drawer.Title>
          <Group gap={4} wrap="nowrap">
            <StepButton
              label={texts.previous}
              keyName="["
              icon={<IconChevronUp size={18} />}
              onClick={() => step(-1)}
            />
            <StepButton label={texts.next} keyName="]" icon={<IconChevronDown size={18} />} onClick={() => step(1)} />
            <Drawer.CloseButton aria-label={uiTexts.close} data-autofocus />
          </Group>
        </Drawer.Header>
        <Drawer.Body>
          {clientId !== undefined && <ClientDetails mirror={mirror} clientId={clientId} denied={denied} />}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function StepButton(props: { label: string; keyName: string; icon: React.ReactNode; onClick: () => void }) {
  return (
    <Tooltip label={`${props.label} (${props.keyName})`}>
      <ActionIcon variant="subtle" color="gray" size={28} aria-label={props.label} onClick={props.onClick}>
        {props.icon}
      </ActionIcon>
    </Tooltip>
  );
}

interface ClientDetailsProps extends Pick<ClientDrawerProps, 'mirror' | 'denied'> {
  readonly clientId: string;
}

function ClientDetails({ mirror, clientId, denied }: ClientDetailsProps) {
  const row = usePresenceRow(mirror.store, clientId);
  const { data, error, refetch } = useQuery(clientDetail(clientId));
  const isOnline = row?.online;
  const read = useCallback(() => {
    refetch().catch(reportError);
  }, [refetch]);
  // A client that came or went has another session: do not wait for the next round.
  useEffect(read, [isOnline, read]);
  if (data) {
    return (
      <Stack gap="md">
        <ClientHeader client={data} />
        <ClientTabs clientId={clientId} client={data} denied={denied} />
      </Stack>
    );
  }
  if (!error) return <Skeleton height={240} />;
  if (!(error instanceof ApiError) || error.status !== 404) return <ErrorState error={error} onRetry={read} />;
  return (
    <Stack gap="md">
      <EmptyState title={texts.unknownTitle}>{texts.unknownText}</EmptyState>
      <ClientTabs clientId={clientId} client={null} denied={denied} />
    </Stack>
  );
}
