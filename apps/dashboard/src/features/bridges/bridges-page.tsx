import { Code, Stack, Text } from '@mantine/core';
import { IconWebhook } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { TableSkeleton } from '../../shared/ui/data-table.js';
import { LinkButton } from '../../shared/ui/links.js';
import { ListBody } from '../../shared/ui/list-body.js';
import { Page } from '../../shared/ui/page.js';
import { Panel } from '../../shared/ui/panel.js';
import { EmptyState } from '../../shared/ui/states.js';
import { BridgePanel } from './bridge-panel.js';
import { bridgesList, bridgesPlace } from './queries.js';
import { bridgesExample } from './example.js';
import { bridgesTexts } from './texts.js';
import classes from './bridges.module.css';

/** Where events of clients are handed on to, and whether they arrive. */
export function BridgesPage() {
  const bridges = useQuery(bridgesList());
  return (
    <Page
      title={bridgesTexts.title}
      actions={
        <LinkButton to="/settings" search={{ section: 'privacy' }} variant="default">
          {bridgesTexts.settings}
        </LinkButton>
      }
    >
      <Stack gap="md">
        <Explanation />
        <ListBody query={bridges}>
          {bridges.data === undefined ? (
            <TableSkeleton rows={4} />
          ) : bridges.data.items.length === 0 ? (
            <NoBridges />
          ) : (
            bridges.data.items.map((bridge) => <BridgePanel key={bridge.name} bridge={bridge} />)
          )}
        </ListBody>
      </Stack>
    </Page>
  );
}

function Explanation() {
  const { data: place } = useQuery(bridgesPlace());
  return (
    <Text size="sm" c="dimmed">
      {bridgesTexts.explain} {place && bridgesTexts.setIn(place)}
    </Text>
  );
}

function NoBridges() {
  return (
    <Panel>
      <EmptyState
        icon={IconWebhook}
        title={bridgesTexts.emptyTitle}
        action={<CopyButton value={bridgesExample} label={bridgesTexts.copyExample} withText />}
      >
        {bridgesTexts.emptyText}
      </EmptyState>
      <Code block className={classes.answer} tabIndex={0} role="region" aria-label={bridgesTexts.copyExample}>
        {bridgesExample}
      </Code>
    </Panel>
  );
}
