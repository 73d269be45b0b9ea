import { Anchor, Button, Text } from '@mantine/core';
import { IconPlugConnected, IconSearchOff } from '@tabler/icons-react';
import { type ReactNode, useSyncExternalStore } from 'react';
import { PRESENCE_FILTER } from '../../shared/live/presence-event.js';
import { useLiveRefusal, useLiveState } from '../../shared/live/live-context.js';
import { ConnectSnippets } from '../../shared/connect/connect-snippets.js';
import { stringifySearch } from '../../shared/search/search.js';
import { formatCount, formatRelative } from '../../shared/ui/format.js';
import { EmptyState, ErrorState } from '../../shared/ui/states.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { useLocalNow, useNow } from '../../shared/ui/use-now.js';
import { noFilters, serverFilterOf } from './client-filters.js';
import type { PresenceMirror } from './presence-mirror.js';
import type { PendingChanges } from './presence-view.js';

import { clientsTexts } from './texts.js';
import { useClientsSearch } from './use-clients-search.js';
import { useIsNotLive } from './use-is-not-live.js';
import classes from './presence-table.module.css';

interface ClientsStatusProps {
  readonly mirror: PresenceMirror;
  readonly shown: number;
  readonly pending: PendingChanges;
  readonly onApply: () => void;
  /** More that can be done with the list. */
  readonly children: ReactNode;
}

/** How many are listed, what waits to be shown, and whether it is current. */
export function ClientsStatus({ mirror, shown, pending, onApply, children }: ClientsStatusProps) {
  const { phase, totals, error } = useSyncExternalStore(mirror.sync.onChange, mirror.sync.getState);
  const total = mirror.store.rows.size;
  const all = totals === null ? total : totals.online + totals.offline + totals.gone;
  const waiting = pendingText(pending);
  return (
    <div className={classes.status}>
      <span>
        {phase === 'loading' && total < all
          ? clientsTexts.loaded(formatCount(total), formatCount(all))
          : clientsTexts.shown(formatCount(shown), formatCount(total))}
        {waiting !== '' && (
          <Button variant="light" size="compact-sm" ms="sm" onClick={onApply}>
            {waiting} · {clientsTexts.pending.apply} <kbd>.</kbd>
          </Button>
        )}
      </span>
      <span className={classes.tools}>
        {children}
        <ExportLink />
      </span>
      <FreshnessNote />
      {phase === 'failed' && (
        <Text component="span" size="sm" c="danger" role="alert">
          {clientsTexts.failedTitle}: {error instanceof Error ? error.message : ''} {clientsTexts.failedStale}{' '}
          <Button variant="default" size="compact-sm" onClick={mirror.sync.refetch}>
            {uiTexts.retry}
          </Button>
        </Text>
      )}
    </div>
  );
}

/** All that the filters mean as a file, made by the server. */
function ExportLink() {
  const [search] = useClientsSearch();
  const nowMs = Math.floor(useNow() / 60_000) * 60_000;
  const query = stringifySearch(serverFilterOf(search, nowMs));
  return (
    <Anchor size="sm" href={`/api/v1/clients.csv${query}`} download="clients.csv">
      {clientsTexts.export}
    </Anchor>
  );
}

function pendingText({ added, moved, left }: PendingChanges): string {
  const { pending } = clientsTexts;
  return [added && pending.added(added), moved && pending.moved(moved), left && pending.left(left)]
    .filter((part) => part !== 0)
    .join(', ');
}

function FreshnessNote() {
  const isNotLive = useIsNotLive();
  const refusal = useLiveRefusal(PRESENCE_FILTER);
  if (refusal) return <span className={classes.warning}>{clientsTexts.refused(refusal.message)}</span>;
  return isNotLive ? <Age /> : null;
}

function Age() {
  const { lastLiveAt } = useLiveState();
  const now = useLocalNow();
  if (lastLiveAt === null) return null;
  return <span className={classes.warning}>{clientsTexts.notLive(formatRelative(lastLiveAt, now))}</span>;
}

/** What stands in place of the list when the first fetch failed. */
export function ClientsFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return <ErrorState error={error instanceof Error ? error : new Error(clientsTexts.failedTitle)} onRetry={onRetry} />;
}

/** What stands in place of the list when there is nothing to list: none at all, or none that matches. */
export function ClientsEmpty({ total, filters }: { total: number; filters: number }) {
  const [, change] = useClientsSearch();
  if (total > 0) {
    return (
      <EmptyState
        icon={IconSearchOff}
        title={clientsTexts.noMatchTitle(filters)}
        action={
          <Button variant="default" onClick={() => change(noFilters)}>
            {clientsTexts.filters.clear}
          </Button>
        }
      >
        {clientsTexts.noMatchText}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconPlugConnected} title={clientsTexts.emptyTitle}>
      {clientsTexts.emptyText}
      <ConnectSnippets />
    </EmptyState>
  );
}
