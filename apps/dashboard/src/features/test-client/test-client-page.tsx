import { ActionIcon, Button, Tabs, Text, Tooltip } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { hashKey, type QueryCache, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useSyncExternalStore } from 'react';
import { reportError } from '../../shared/report-error.js';
import { sessionQuery } from '../../shared/session/session.js';
import { Page } from '../../shared/ui/page.js';
import { ConnectionPanel } from './connection-panel.js';
import { LogPanel } from './log-panel.js';
import { PublishPanel } from './publish-panel.js';
import { SubscribePanel } from './subscribe-panel.js';
import type { TestConnection } from './test-connection.js';
import { testClientTexts } from './texts.js';
import { MOST_CONNECTIONS, workspace } from './workspace.js';
import classes from './test-client.module.css';

const route = getRouteApi('/shell/tools/client');

/** A client in the browser: connects as any other does, and shows what the broker answers. */
export function TestClientPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { connections, activeId } = useSyncExternalStore(workspace.watch, workspace.state);
  useEndWithSession();
  useWishedConnection(search.username, search.client);
  const active = connections.find(({ id }) => id === activeId) ?? connections[0];
  if (!active) return null;
  const show = (shown: 'messages' | 'packets') => {
    navigate({ search: { ...search, log: shown === 'packets' ? 'packets' : undefined }, replace: true }).catch(
      reportError,
    );
  };
  return (
    <Page title={testClientTexts.title}>
      <Text size="sm" c="dimmed">
        {testClientTexts.intro}
      </Text>
      <ConnectionTabs connections={connections} activeId={active.id} />
      <div key={active.id} className={classes.columns} role="tabpanel" aria-label={testClientTexts.tab(active.id)}>
        <div className={classes.column}>
          <ConnectionPanel connection={active} />
          <SubscribePanel connection={active} topic={search.topic} />
          <PublishPanel connection={active} topic={search.topic} />
        </div>
        <div className={classes.column}>
          <LogPanel connection={active} shown={search.log ?? 'messages'} onShow={show} />
        </div>
      </div>
    </Page>
  );
}

function ConnectionTabs({ connections, activeId }: { connections: readonly TestConnection[]; activeId: number }) {
  const isFull = connections.length >= MOST_CONNECTIONS;
  return (
    <div className={classes.tabs}>
      <Tabs value={String(activeId)} onChange={(id) => workspace.show(Number(id))} aria-label={testClientTexts.tabs}>
        <Tabs.List>
          {connections.map((connection) => (
            <ConnectionTab key={connection.id} connection={connection} />
          ))}
        </Tabs.List>
      </Tabs>
      {connections.length > 1 && (
        <Tooltip label={testClientTexts.closeTab(testClientTexts.tab(activeId))}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={28}
            aria-label={testClientTexts.closeTab(testClientTexts.tab(activeId))}
            onClick={() => workspace.close(activeId)}
          >
            <IconX size={14} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPlus size={14} aria-hidden />}
        disabled={isFull}
        onClick={() => workspace.open()}
      >
        {isFull ? testClientTexts.most(MOST_CONNECTIONS) : testClientTexts.add}
      </Button>
    </div>
  );
}

function ConnectionTab({ connection }: { connection: TestConnection }) {
  const { status, clientId } = useSyncExternalStore(connection.watch, connection.state);
  return (
    <Tabs.Tab
      value={String(connection.id)}
      leftSection={<span className={classes.dot} data-status={status} aria-hidden />}
    >
      {status === 'open' && clientId !== null ? clientId : testClientTexts.tab(connection.id)}
    </Tabs.Tab>
  );
}

let watched: QueryCache | null = null;

/** Connections end when the operator logs out, on whichever page that is. */
function useEndWithSession(): void {
  const cache = useQueryClient().getQueryCache();
  useEffect(() => {
    if (watched === cache) return;
    watched = cache;
    const session = hashKey(sessionQuery().queryKey);
    cache.subscribe(({ type, query }) => {
      if (type === 'removed' && query.queryHash === session) workspace.closeAll();
    });
  }, [cache]);
}

/** A link that names a user or a client id opens a connection for it; the password is asked for. */
function useWishedConnection(username: string | undefined, client: string | undefined): void {
  useEffect(() => {
    if (username === undefined && client === undefined) return;
    const form = { ...(username !== undefined && { username }), ...(client !== undefined && { clientId: client }) };
    const { connections, activeId } = workspace.state();
    const idle = connections.find(({ state }) => state().status === 'idle');
    if (connections.some(({ state }) => isFor(state().form, form))) return;
    if (!idle) return workspace.open(form);
    idle.fillIn(form);
    if (idle.id !== activeId) workspace.show(idle.id);
  }, [username, client]);
}

function isFor(
  form: { username: string; clientId: string },
  wished: { username?: string; clientId?: string },
): boolean {
  const { username = form.username, clientId = form.clientId } = wished;
  return form.username === username && form.clientId === clientId;
}
