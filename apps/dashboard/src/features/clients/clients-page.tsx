import { VisuallyHidden } from '@mantine/core';
import { useDebouncedCallback, useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, type ReactNode, useMemo, useState, useSyncExternalStore } from 'react';
import { Page } from '../../shared/ui/page.js';
import { formatCount } from '../../shared/ui/format.js';
import { usePermission } from '../../shared/session/session.js';
import { ErrorState } from '../../shared/ui/states.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { isTyping, useShortcuts } from '../../shared/keyboard/use-shortcuts.js';
import { useNow } from '../../shared/ui/use-now.js';
import { VirtualTable, VirtualTableSkeleton } from '../../shared/ui/virtual-table.js';
import { BulkBar } from './bulk-bar.js';
import { ChangesChart } from './changes-chart.js';
import { ClientDrawer } from './client-drawer.js';
import type { DeniedTab } from './client-tabs.js';
import { ClientsFilterBar } from './clients-filter-bar.js';
import { countFilters } from './client-filters.js';
import { ClientLoads } from './client-load.js';
import { ColumnChooser } from './column-chooser.js';
import { type ColumnKey, gridTemplate, resized, shownColumns } from './column-layout.js';
import { ClientsEmpty, ClientsFailed, ClientsStatus } from './clients-status.js';
import { FlappingProvider } from './flapping-badge.js';
import { loadColumns, presenceCellsOf, presenceColumns, RowTerms } from './presence-cells.js';
import { type PresenceMirror, usePresenceMirror } from './presence-mirror.js';
import { clientStates, type PresenceRow } from './presence-row.js';
import type { SortKey } from './presence-view.js';
import { nextSort, presenceQueryOf } from './search.js';
import { clientsTexts } from './texts.js';
import { type ClientSelection, SelectionProvider, useNewSelection } from './use-client-selection.js';
import { useClientLoads } from './use-client-loads.js';
import { useClientRanks } from './use-client-ranks.js';
import { useClientSet } from './use-client-set.js';
import { useClientsSearch } from './use-clients-search.js';
import { useColumnLayout } from './use-column-layout.js';
import { useIsNotLive } from './use-is-not-live.js';
import { usePresenceAnnouncement } from './use-presence-announcer.js';
import { usePresenceView } from './use-presence-view.js';
import classes from './presence-table.module.css';

/** Who is online, live. */
export function ClientsPage({ denied }: { denied: DeniedTab }) {
  const mirror = usePresenceMirror();
  return (
    <Page title={clientsTexts.title} aside={<Counters mirror={mirror} />} actions={<ChangesChart />}>
      <FilteredClients mirror={mirror} denied={denied} />
    </Page>
  );
}

/** What is typed filters the list at once; the address, which is slower, has it when the typing pauses. */
function FilteredClients(props: { mirror: PresenceMirror; denied: DeniedTab }) {
  const [{ q = '' }] = useClientsSearch();
  const [text, setText] = useState(q);
  return (
    <>
      <ClientsFilterBar onText={setText} />
      <FlappingProvider>
        <ClientsList {...props} text={text} />
      </FlappingProvider>
    </>
  );
}

function Counters({ mirror }: { mirror: PresenceMirror }) {
  const counts = useSyncExternalStore(mirror.store.onCommit, mirror.store.getCounts);
  const { phase, totals } = useSyncExternalStore(mirror.sync.onChange, mirror.sync.getState);
  // While rows are on their way the server's own count is the truth; before its first answer nothing is known.
  const isComplete = phase !== 'loading' && (totals !== null || mirror.store.rows.size > 0);
  const known = isComplete ? counts : totals;
  return (
    <dl className={classes.counters}>
      {clientStates.map((state) => (
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

function ClientsList({ mirror, denied, text }: { mirror: PresenceMirror; denied: DeniedTab; text: string }) {
  const [address, change] = useClientsSearch();
  const search = { ...address, q: text || undefined };
  const [isTouched, setTouched] = useState(false);
  const { phase, error } = useSyncExternalStore(mirror.sync.onChange, mirror.sync.getState);
  const set = useClientSet({
    subscribedTo: search.subscribedTo,
    denied: search.denied && true,
    banned: search.banned && true,
    flapping: search.flapping && true,
  });
  const nowMs = Math.floor(useNow() / 60_000) * 60_000;
  const query = presenceQueryOf(search, { among: set.ids, nowMs });
  const sorting = useClientRanks(query.sort);
  const { rows, pending, applyPending } = usePresenceView(mirror.store, query, {
    ranks: sorting.ranks,
    isEngaged: isTouched || search.c !== undefined,
    isFilling: phase === 'loading',
  });
  const isNotLive = useIsNotLive();
  const [layout, changeLayout] = useColumnLayout();
  const { ref: room, width } = useElementSize<HTMLDivElement>();
  const shownKeys = shownColumns(layout, width === 0 ? Infinity : width).join(' ');
  const shown = useMemo(() => shownKeys.split(' ') as ColumnKey[], [shownKeys]);
  const Cells = useMemo(() => presenceCellsOf(mirror.store), [mirror]);
  useShortcuts({ '.': applyPending, j: focusTable, k: focusTable });
  const selection = useNewSelection();
  const idsShown = () => rows.map(({ clientId }) => clientId);
  const total = mirror.store.rows.size;
  if (phase === 'failed' && total === 0) return <ClientsFailed error={error} onRetry={mirror.sync.refetch} />;
  const failed = [set, sorting].find((asked) => asked.error !== null);
  if (failed?.error) return <ErrorState error={failed.error} onRetry={failed.refetch} />;
  if ((phase === 'loading' && total === 0) || set.isLoading || sorting.isLoading) return <VirtualTableSkeleton />;
  return (
    <SelectionProvider value={selection}>
      <BulkBar store={mirror.store} shown={idsShown} shownCount={rows.length} />
      <ClientsStatus mirror={mirror} shown={rows.length} pending={pending} onApply={applyPending}>
        <ColumnChooser layout={layout} onChange={changeLayout} />
      </ClientsStatus>
      {rows.length === 0 ? (
        <ClientsEmpty total={total} filters={countFilters(search)} />
      ) : (
        <div ref={room} onKeyDown={(event) => chooseByKey(event, selection, idsShown)}>
          <PaintedRows rows={rows} shown={shown}>
            {(onPainted) => (
              <VirtualTable
                label={clientsTexts.table}
                className={classes.table}
                columns={presenceColumns(shown)}
                template={gridTemplate(shown, layout)}
                onResize={(key, px) => changeLayout((now) => resized(now, key as ColumnKey, px))}
                rows={rows}
                rowKey={(row) => row.clientId}
                Cells={Cells}
                onOpen={(row) => change({ c: row.clientId }, true)}
                openKey={search.c ?? null}
                sort={query}
                onSort={(key) => change({ sort: nextSort(search.sort, key as SortKey) })}
                isStale={isNotLive || phase === 'failed'}
                onEngaged={setTouched}
                onPainted={onPainted}
              />
            )}
          </PaintedRows>
        </div>
      )}
      <Announcement mirror={mirror} />
      <ClientDrawer denied={denied} mirror={mirror} rows={rows} />
    </SelectionProvider>
  );
}

/** Nobody is asked about while the list is scrolled. */
const SCROLL_PAUSE_MS = 200;

interface PaintedRowsProps {
  readonly rows: readonly PresenceRow[];
  readonly shown: readonly ColumnKey[];
  readonly children: (onPainted: (first: number, last: number) => void) => ReactNode;
}

/** Knows which rows are painted, and asks about those what presence does not tell. */
function PaintedRows({ rows, shown, children }: PaintedRowsProps) {
  const [painted, setPainted] = useState<{ first: number; last: number } | null>(null);
  const onPainted = useDebouncedCallback((first: number, last: number) => setPainted({ first, last }), SCROLL_PAUSE_MS);
  const isAsked = painted !== null && loadColumns.some((key) => shown.includes(key));
  const loads = useClientLoads(
    isAsked ? rows.slice(painted.first, painted.last + 1).map(({ clientId }) => clientId) : null,
  );
  const mayBan = usePermission('clients:write');
  const terms = useMemo(() => ({ shown, mayBan }), [shown, mayBan]);
  return (
    <RowTerms value={terms}>
      <ClientLoads value={loads}>{children(onPainted)}</ClientLoads>
    </RowTerms>
  );
}

function Announcement({ mirror }: { mirror: PresenceMirror }) {
  return <VisuallyHidden role="status">{usePresenceAnnouncement(mirror.store)}</VisuallyHidden>;
}

function focusTable(): void {
  document.querySelector<HTMLElement>('#main [role="grid"] [role="row"][tabindex="0"]')?.focus();
}

/** `x` chooses the row that has the focus, Shift+x all between it and the last one that was chosen. */
function chooseByKey(event: KeyboardEvent, selection: ClientSelection, shown: () => readonly string[]): void {
  const { target, key } = event;
  if (key.toLowerCase() !== 'x' || event.metaKey || event.ctrlKey || event.altKey || isTyping(target)) return;
  const index = (target as HTMLElement).closest<HTMLElement>('[data-index]')?.dataset['index'];
  const ids = shown();
  const clientId = index === undefined ? undefined : ids[Number(index)];
  if (clientId !== undefined) selection.toggle(clientId, event.shiftKey ? ids : null);
}
