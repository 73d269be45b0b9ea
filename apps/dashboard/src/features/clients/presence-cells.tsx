import { useState } from 'react';
import { reasonText } from '../../shared/reasons/reason-text.js';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { formatDuration, formatExact, formatRelative } from '../../shared/ui/format.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { useNow } from '../../shared/ui/use-now.js';
import { TableCell, type VirtualColumn } from '../../shared/ui/virtual-table.js';
import { BannedBadge, FlappingBadge } from './flapping-badge.js';
import { type PresenceRow, stateOf } from './presence-row.js';
import type { PresenceStore } from './presence-store.js';
import { RowCheckbox, RowMenu } from './row-actions.js';
import { clientsTexts } from './texts.js';
import { usePresenceRow } from './use-presence-row.js';
import classes from './presence-table.module.css';

const { columns: headers } = clientsTexts;

/** The columns of the list, in their order. */
export const presenceColumns: readonly VirtualColumn[] = [
  { key: 'choose', header: headers.choose, isHeaderHidden: true },
  { key: 'online', header: headers.online, isSortable: true },
  { key: 'clientId', header: headers.clientId, isSortable: true },
  { key: 'username', header: headers.username, isSortable: true },
  { key: 'protocol', header: headers.protocol, isSortable: true },
  { key: 'address', header: headers.address, isSortable: true },
  { key: 'since', header: headers.since, isSortable: true },
  { key: 'reason', header: headers.reason, isSortable: true },
  { key: 'connectedFor', header: headers.connectedFor },
  { key: 'menu', header: headers.menu, isHeaderHidden: true },
];

/** The cells of a row that paints itself anew whenever the store changes it, and only then. */
export function presenceCellsOf(store: PresenceStore) {
  return function PresenceCells({ row }: { row: PresenceRow }) {
    usePresenceRow(store, row.clientId);
    return <Cells row={row} />;
  };
}

function Cells({ row }: { row: PresenceRow }) {
  return (
    <>
      <TableCell col="choose">
        <RowCheckbox clientId={row.clientId} />
      </TableCell>
      <TableCell col="online">
        <Tint at={row.tintedAt} />
        <StatusMark kind={stateOf(row)}>{clientsTexts[stateOf(row)]}</StatusMark>
      </TableCell>
      <TableCell col="clientId" title={row.clientId}>
        <span className={`perch-mono ${classes.id}`}>{row.clientId}</span>
        <BannedBadge clientId={row.clientId} />
        <FlappingBadge clientId={row.clientId} />
        <span className={classes.copy}>
          <CopyButton value={row.clientId} label={clientsTexts.copyId(row.clientId)} isInRow />
        </span>
      </TableCell>
      <TableCell col="username" title={row.username ?? undefined}>
        {row.username ?? <span className={classes.dim}>{clientsTexts.noUser}</span>}
      </TableCell>
      <TableCell col="protocol">{protocolName(row.protocol)}</TableCell>
      <TableCell col="address">
        <span className="perch-mono">{row.address}</span>
      </TableCell>
      <TableCell col="since">
        <Since at={row.since} />
      </TableCell>
      <TableCell col="reason" title={row.reason ?? undefined}>
        {row.reason !== null && reasonText(row.reason)}
      </TableCell>
      <TableCell col="connectedFor">{row.connectedForMs !== null && formatDuration(row.connectedForMs)}</TableCell>
      <TableCell col="menu">
        <RowMenu row={row} />
      </TableCell>
    </>
  );
}

/** The name of a protocol as people know it. */
export function protocolName(protocol: string): string {
  return (clientsTexts.protocols as Readonly<Record<string, string>>)[protocol] ?? protocol;
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
