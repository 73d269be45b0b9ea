import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import type { ClientDetail } from '../../shared/api/generated/types.gen.js';
import { AccessTab } from './access-tab.js';
import { type ClientTab, clientTabs } from './search.js';
import { SessionTab } from './session-tab.js';
import { SubscriptionsTab } from './subscriptions-tab.js';
import { clientsTexts } from './texts.js';
import { TimelineTab } from './timeline-tab.js';
import { TrafficTab } from './traffic-tab.js';
import { useClientsSearch } from './use-clients-search.js';
import classes from './drawer.module.css';

const texts = clientsTexts.drawer;

/** Shows what one client was refused. */
export type DeniedTab = (clientId: string) => ReactNode;

interface ClientTabsProps {
  readonly clientId: string;
  /** Null for a client that presence does not know: what it was refused, and when, may be known all the same. */
  readonly client: ClientDetail | null;
  readonly denied: DeniedTab;
}

/** What is known of one client, a tab at a time; only the open one asks for anything. */
export function ClientTabs({ clientId, client, denied }: ClientTabsProps) {
  const [{ tab: wanted }, change] = useClientsSearch();
  const first = client === null ? 'timeline' : 'session';
  const panels: Partial<Record<ClientTab, () => ReactNode>> = {
    ...(client !== null && {
      session: () => <SessionTab client={client} />,
      subscriptions: () => <SubscriptionsTab client={client} />,
      traffic: () => <TrafficTab key={clientId} client={client} />,
      access: () => <AccessTab client={client} />,
    }),
    timeline: () => <TimelineTab clientId={clientId} />,
    denied: () => denied(clientId),
  };
  const tab = wanted !== undefined && panels[wanted] ? wanted : first;
  return (
    <Tabs
      value={tab}
      onChange={(value) => {
        const next = clientTabs.find((each) => each === value);
        change({ tab: next === first ? undefined : next });
      }}
    >
      <Tabs.List className={classes.tabs}>
        {clientTabs.map(
          (each) =>
            panels[each] && (
              <Tabs.Tab key={each} value={each}>
                {texts.tabs[each]}
                {each === 'subscriptions' && client?.session && ` (${client.session.subscriptions.length})`}
              </Tabs.Tab>
            ),
        )}
      </Tabs.List>
      {clientTabs.map(
        (each) =>
          panels[each] && (
            <Tabs.Panel key={each} value={each} pt="md">
              {tab === each && panels[each]()}
            </Tabs.Panel>
          ),
      )}
    </Tabs>
  );
}
