import { Button, Stack, Text } from '@mantine/core';
import { IconSearchOff, IconServer2 } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { RegistryLease } from '../../shared/api/generated/types.gen.js';
import { reportError } from '../../shared/report-error.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { FilterInput } from '../../shared/ui/filter-input.js';
import { formatCount } from '../../shared/ui/format.js';
import { ListBody } from '../../shared/ui/list-body.js';
import { Page } from '../../shared/ui/page.js';
import { Panel } from '../../shared/ui/panel.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { EmptyState } from '../../shared/ui/states.js';
import { registryList } from './queries.js';
import { registryTexts } from './texts.js';

const route = getRouteApi('/shell/services');

/** Who has registered which instance of a service, where it is, and how long its lease still lasts. */
export function RegistryPage() {
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const filterBy = (next: string) => {
    navigate({ search: { q: next || undefined }, replace: true, resetScroll: false }).catch(reportError);
  };
  const registry = useQuery(registryList({ q }));
  const rows = registry.data?.items;
  return (
    <Page title={registryTexts.title}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {registryTexts.explain}
        </Text>
        <FilterInput label={registryTexts.filter} value={q ?? ''} onChange={filterBy} width={380} />
        <Panel flush>
          <ListBody query={registry}>
            <DataTable
              label={registryTexts.table}
              columns={columns}
              rows={rows}
              rowKey={({ service, instanceId }) => JSON.stringify([service, instanceId])}
              empty={<NoLeases isFiltered={q !== undefined} onClear={() => filterBy('')} />}
              isStale={registry.isPlaceholderData}
              minWidth={900}
            />
          </ListBody>
        </Panel>
        {rows !== undefined && rows.length > 0 && (
          <Text size="sm" c="dimmed">
            {registryTexts.shown(
              formatCount(rows.length),
              formatCount(q === undefined ? registry.data?.total : registry.data?.matching),
            )}
          </Text>
        )}
      </Stack>
    </Page>
  );
}

function NoLeases({ isFiltered, onClear }: { readonly isFiltered: boolean; readonly onClear: () => void }) {
  if (!isFiltered) {
    return (
      <EmptyState icon={IconServer2} title={registryTexts.emptyTitle}>
        {registryTexts.emptyText}
      </EmptyState>
    );
  }
  const clear = (
    <Button variant="default" size="xs" onClick={onClear}>
      {registryTexts.clear}
    </Button>
  );
  return (
    <EmptyState icon={IconSearchOff} title={registryTexts.nothingTitle} action={clear}>
      {registryTexts.nothingText}
    </EmptyState>
  );
}

const columns: readonly Column<RegistryLease>[] = [
  { key: 'service', header: registryTexts.columns.service, cell: ({ service }) => service },
  { key: 'instance', header: registryTexts.columns.instance, isRowHeader: true, cell: ({ instanceId }) => instanceId },
  { key: 'place', header: registryTexts.columns.place, cell: (lease) => <Text size="sm">{placeOf(lease)}</Text> },
  { key: 'by', header: registryTexts.columns.by, cell: (lease) => <Registrant lease={lease} /> },
  { key: 'since', header: registryTexts.columns.since, cell: ({ since }) => <RelativeTime at={since} /> },
  { key: 'renewed', header: registryTexts.columns.renewed, cell: ({ renewedAt }) => <RelativeTime at={renewedAt} /> },
  {
    key: 'lease',
    header: registryTexts.columns.lease,
    align: 'end',
    cell: ({ leftSeconds }) => registryTexts.left(leftSeconds),
  },
];

function Registrant({ lease: { registeredBy, registeredFrom } }: { readonly lease: RegistryLease }) {
  return (
    <>
      {registeredBy}
      {registeredFrom !== null && (
        <Text size="xs" c="dimmed">
          {registryTexts.from(registeredFrom)}
        </Text>
      )}
    </>
  );
}

function placeOf({ address, port }: RegistryLease): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
