import { IconArrowDownLeft, IconArrowUpRight } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { formatClock } from '../../shared/ui/format.js';
import { Literal } from '../../shared/ui/literal.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { TableCell, type VirtualColumn } from '../../shared/ui/virtual-table.js';
import { FilterSwatch } from './filter-swatch.js';
import type { LoggedMessage } from './message.js';
import { bestFormat, showPayload } from './payload-format.js';
import type { LoggedPacket, TestConnection } from './test-connection.js';
import { testClientTexts } from './texts.js';

const texts = testClientTexts.log;
const { columns: headers } = texts;

/** A row shows the beginning of a payload only. */
const SHOWN_BYTES = 200;

export const messageColumns: readonly VirtualColumn[] = [
  { key: 'at', header: headers.at },
  { key: 'topic', header: headers.topic },
  { key: 'payload', header: headers.payload },
  { key: 'qos', header: headers.qos },
  { key: 'answer', header: headers.answer },
];

export const packetColumns: readonly VirtualColumn[] = [
  { key: 'at', header: headers.at },
  { key: 'name', header: headers.name },
  { key: 'text', header: headers.text },
];

/** The cells of a message, with the colour of the filter it came by. */
export function messageCellsOf(connection: TestConnection) {
  return function MessageCells({ row }: { row: LoggedMessage }) {
    const { subscriptions } = useSyncExternalStore(connection.watch, connection.state);
    const colour = subscriptions.find(({ filter }) => filter === row.filter)?.colour;
    return (
      <>
        <TableCell col="at">
          <FilterSwatch colour={colour} />
          <Direction direction={row.direction} /> {formatClock(row.atMs)}
        </TableCell>
        <TableCell col="topic" title={row.topic}>
          <Literal>{row.topic}</Literal>
        </TableCell>
        <TableCell col="payload">
          <Literal>{beginningOf(row.payload)}</Literal>
        </TableCell>
        <TableCell col="qos">
          {row.qos}
          {row.retain && ` · ${texts.retained}`}
        </TableCell>
        <TableCell col="answer" title={row.answer ?? undefined}>
          <Answer row={row} />
        </TableCell>
      </>
    );
  };
}

function Answer({ row: { direction, answer, isRefused = false, isLost = false } }: { row: LoggedMessage }) {
  if (direction === 'in') return null;
  if (isLost) return <StatusMark kind="offline">{texts.lost}</StatusMark>;
  if (answer === undefined) return texts.waiting;
  if (answer === null) return texts.noAnswer;
  return <StatusMark kind={isRefused ? 'deny' : 'allow'}>{answer}</StatusMark>;
}

/** The cells of a packet. */
export function PacketCells({ row }: { row: LoggedPacket }) {
  return (
    <>
      <TableCell col="at">
        <Direction direction={row.direction} /> {formatClock(row.atMs)}
      </TableCell>
      <TableCell col="name">
        {row.isRefusal ? <StatusMark kind="deny">{row.name}</StatusMark> : <Literal>{row.name}</Literal>}
      </TableCell>
      <TableCell col="text" title={row.text}>
        <Literal>{row.text}</Literal>
      </TableCell>
    </>
  );
}

function Direction({ direction }: Pick<LoggedMessage, 'direction'>) {
  const Icon = direction === 'in' ? IconArrowDownLeft : IconArrowUpRight;
  return <Icon size={14} role="img" aria-label={texts[direction]} />;
}

function beginningOf(payload: Uint8Array): string {
  const beginning = payload.subarray(0, SHOWN_BYTES);
  const format = bestFormat(payload) === 'hex' ? 'hex' : 'text';
  return showPayload(beginning, format).replaceAll(/\s+/g, ' ');
}
