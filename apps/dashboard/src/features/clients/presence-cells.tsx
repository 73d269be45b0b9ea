import { createContext, type ReactNode, useContext, useState } from 'react';
import { reasonText } from '../../shared/reasons/reason-text.js';
import { Literal } from '../../shared/ui/literal.js';
import { CopyButton } from '../../shared/ui/copy-button.js';
import {
  formatCount,
  formatDuration,
  formatExact,
  formatRate,
  formatRelative,
  formatShort,
} from '../../shared/ui/format.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { useNow } from '../../shared/ui/use-now.js';
import { TableCell, type VirtualColumn } from '../../shared/ui/virtual-table.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { ClientLoads, type KnownLoad } from './client-load.js';
import type { ColumnKey } from './column-layout.js';
import { BannedBadge, FlappingBadge } from './flapping-badge.js';
import { type PresenceRow, stateOf } from './presence-row.js';
import type { PresenceStore } from './presence-store.js';
import { RowCheckbox, RowMenu } from './row-actions.js';
import { clientsTexts } from './texts.js';
import { usePresenceRow } from './use-presence-row.js';
import classes from './presence-table.module.css';

const { columns: headers } = clientsTexts;

/** What is asked for beside the list, of the rows that are painted. */
export const loadColumns: readonly ColumnKey[] = ['subscriptions', 'inFlight', 'rate'];

/** The columns of the list: those that are shown between the box to choose with and the menu. */
export function presenceColumns(shown: readonly ColumnKey[]): readonly VirtualColumn[] {
  return [
    { key: 'choose', header: headers.choose, isHeaderHidden: true },
    ...shown.map((key) => ({ key, header: headers[key], isSortable: true, isResizable: true })),
    { key: 'menu', header: headers.menu, isHeaderHidden: true },
  ];
}

/** What all rows have in common: the columns that are shown, and whether their menus have something to offer. */
export const RowTerms = createContext<{ readonly shown: readonly ColumnKey[]; readonly mayBan: boolean }>({
  shown: [],
  mayBan: false,
});

/** The cells of a row that paints itself anew whenever the store changes it, and only then. */
export function presenceCellsOf(store: PresenceStore) {
  return function PresenceCells({ row }: { row: PresenceRow }) {
    usePresenceRow(store, row.clientId);
    return <Cells row={row} />;
  };
}

function Cells({ row }: { row: PresenceRow }) {
  const { shown, mayBan } = useContext(RowTerms);
  return (
    <>
      <TableCell col="choose">
        <RowCheckbox clientId={row.clientId} />
      </TableCell>
      {shown.map((key) => (
        <TableCell key={key} col={key} title={titles[key]?.(row) ?? undefined}>
          {contents[key](row)}
        </TableCell>
      ))}
      <TableCell col="menu">{mayBan && <RowMenu row={row} />}</TableCell>
    </>
  );
}

/** What does not fit into its cell is shown whole on hover. */
const titles: Partial<Record<ColumnKey, (row: PresenceRow) => string | null>> = {
  clientId: ({ clientId }) => clientId,
  username: ({ username }) => username,
  reason: ({ reason }) => reason,
  node: ({ node }) => node,
};

const contents: Readonly<Record<ColumnKey, (row: PresenceRow) => ReactNode>> = {
  online: (row) => (
    <>
      <Tint at={row.tintedAt} />
      <StatusMark kind={stateOf(row)}>{clientsTexts[stateOf(row)]}</StatusMark>
    </>
  ),
  clientId: ({ clientId }) => (
    <>
      <Literal className={classes.id}>{clientId}</Literal>
      <BannedBadge clientId={clientId} />
      <FlappingBadge clientId={clientId} />
      <span className={classes.copy}>
        <CopyButton value={clientId} label={clientsTexts.copyId(clientId)} isInRow />
      </span>
    </>
  ),
  username: ({ username }) => username ?? <span className={classes.dim}>{clientsTexts.noUser}</span>,
  protocol: ({ protocol }) => protocolName(protocol),
  address: ({ address }) => <Literal>{address}</Literal>,
  since: ({ since }) => <Since at={since} />,
  subscriptions: ({ clientId }) => <Load clientId={clientId} of={({ load }) => formatCount(load.subscriptions)} />,
  inFlight: ({ clientId }) => (
    <Load
      clientId={clientId}
      of={({ load }) => clientsTexts.pair(formatShort(load.inFlight), formatShort(load.queued))}
    />
  ),
  rate: ({ clientId }) => (
    <Load
      clientId={clientId}
      of={({ rates }) => rates && clientsTexts.pair(formatRate(rates.in), formatRate(rates.out))}
    />
  ),
  reason: ({ reason }) => reason !== null && reasonText(reason),
  connectedFor: ({ connectedForMs }) => connectedForMs !== null && formatDuration(connectedForMs),
  node: ({ node }) => node,
};

/** The name of a protocol as people know it. */
export function protocolName(protocol: string): string {
  return (clientsTexts.protocols as Readonly<Record<string, string>>)[protocol] ?? protocol;
}

function Load({ clientId, of }: { clientId: string; of: (known: KnownLoad) => string | null }) {
  const known = useContext(ClientLoads).get(clientId);
  return (known && of(known)) ?? <span className={classes.dim}>{uiTexts.unknown}</span>;
}

function Since({ at }: { at: number }) {
  const now = useNow();
  if (at === 0) return null;
  return (
    <time dateTime={new Date(at).toISOString()} title={formatExact(at)}>
      {formatRelative(at, now)}
    </time>
  );
}

/** A short tint over the row; a new element each time, so that the animation begins anew. */
function Tint({ at }: { at: number }) {
  const [known] = useState(at);
  // Rows that are scrolled into view later are not news any more.
  if (at === known) return null;
  return <span key={at} className={classes.tint} aria-hidden />;
}
