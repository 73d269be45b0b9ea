import { VisuallyHidden } from '@mantine/core';
import { useMemo, useState, useSyncExternalStore } from 'react';
import { Page } from '../../shared/ui/page.js';
import { formatCount } from '../../shared/ui/format.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { useShortcuts } from '../../shared/keyboard/use-shortcuts.js';
import { VirtualTable, VirtualTableSkeleton } from '../../shared/ui/virtual-table.js';
import { ClientDrawer } from './client-drawer.js';
import type { DeniedTab } from './client-tabs.js';
import { ClientsFilterBar } from './clients-filter-bar.js';
import { ClientsEmpty, ClientsFailed, ClientsStatus } from './clients-status.js';
import { FlappingProvider } from './flapping-badge.js';
import { presenceCellsOf, presenceColumns } from './presence-cells.js';
import { type PresenceMirror, usePresenceMirror } from './presence-mirror.js';
import type { SortKey } from './presence-view.js';
import { nextSort, presenceQueryOf } from './search.js';
import { clientsTexts } from './texts.js';
import { useClientsSearch } from './use-clients-search.js';
import { useIsNotLive } from './use-is-not-live.js';
import { usePresenceAnnouncement } from './use-presence-announcer.js';
import { usePresenceView } from './use-presence-view.js';
import classes from './presence-table.module.css';

/** Who is online, live. */
export function ClientsPage({ denied }: { denied: DeniedTab }) {
  const mirror = usePresenceMirror();
  return (
    <Page title={clientsTexts.title} aside={<Counters mirror={mirror} />}>
      <ClientsFilterBar />
      <FlappingProvider>
        <ClientsList mirror={mirror} denied={denied} />
      </FlappingProvider>
    </Page>
  );
}

function Counters({ mirror }: { mirror: PresenceMirror }) {
  const counts = useSyncExternalStore(mirror.store.onCommit, mirror.store.getCounts);
  const { phase, totals } = useSyncExternalStore(mirror.sync.onChange, mirror.sync.getState);
  // While rows are on their way the server's own count is the truth; before its first answer nothing is known.
  const known = phase === 'loading' ? totals : counts;
  return (
    <dl className={classes.counters}>
      {(['online', 'offline'] as const).map((state) => (
        <div key={state}>
          <dt>
            <StatusMark kind={state}>{clientsTexts[state]}</StatusMark>
          </dt>
          <dd>{formatCount(known?.[state])}</dd>
        </div>
      ))}
    </dl>
  );
}

function ClientsList({ mirror, denied }: { mirror: PresenceMirror; denied: DeniedTab }) {
  const [search, change] = useClientsSearch();
  const [isTouched, setTouched] = useState(false);
  const { phase, error } = useSyncExternalStore(mirror.sync.onChange, mirror.sync.getState);
  const { rows, pending, applyPending } = usePresenceView(mirror.store, presenceQueryOf(search), {
    isEngaged: isTouched || search.c !== undefined,
    isFilling: phase === 'loading',
  });
  const isNotLive = useIsNotLive();
  const Cells = useMemo(() => presenceCellsOf(mirror.store), [mirror]);
  useShortcuts({ '.': applyPending, j: focusTable, k: focusTable });
  const total = mirror.store.rows.size;
  if (phase === 'failed' && total === 0) return <ClientsFailed error={error} onRetry={mirror.sync.refetch} />;
  if (phase === 'loading' && total === 0) return <VirtualTableSkeleton />;
  return (
    <>
      <ClientsStatus mirror={mirror} shown={rows.length} pending={pending} onApply={applyPending} />
      {rows.length === 0 ? (
        <ClientsEmpty total={total} />
      ) : (
        <VirtualTable
          label={clientsTexts.table}
          className={classes.table}
          columns={presenceColumns}
          rows={rows}
          rowKey={(row) => row.clientId}
          Cells={Cells}
          onOpen={(row) => change({ c: row.clientId }, true)}
          openKey={search.c ?? null}
          sort={presenceQueryOf(search)}
          onSort={(key) => change({ sort: nextSort(search.sort, key as SortKey) })}
          isStale={isNotLive || phase === 'failed'}
          onEngaged={setTouched}
        />
      )}
      <Announcement mirror={mirror} />
      <ClientDrawer denied={denied} mirror={mirror} rows={rows} />
    </>
  );
}

function Announcement({ mirror }: { mirror: PresenceMirror }) {
  return <VisuallyHidden role="status">{usePresenceAnnouncement(mirror.store)}</VisuallyHidden>;
}

function focusTable(): void {
  document.querySelector<HTMLElement>('#main [role="grid"] [role="row"][tabindex="0"]')?.focus();
}
