import { Literal } from '../../../shared/ui/literal.js';
import { formatBytes, formatClock } from '../../../shared/ui/format.js';
import { TableCell, type VirtualColumn } from '../../../shared/ui/virtual-table.js';
import { topicsTexts } from '../texts.js';
import { previewOf } from './payload-text.js';
import type { Seen } from './tail-feed.js';

const { columns: headers } = topicsTexts.tail;

/** A message as a row, with the value at the path that was asked for. */
export interface TailRow extends Seen {
  /** Null while no path is asked for. */
  readonly field: string | null;
}

/** The columns, in their order; the value at a path only where there is one. */
export const tailColumns = (hasField: boolean) => columns.filter(({ key }) => hasField || key !== 'field');

const columns: readonly VirtualColumn[] = [
  { key: 'time', header: headers.time },
  { key: 'topic', header: headers.topic },
  { key: 'payload', header: headers.payload },
  { key: 'field', header: headers.field },
  { key: 'size', header: headers.size },
];

/** The cells of one message. */
export function TailCells({ row: { message, field } }: { row: TailRow }) {
  return (
    <>
      <TableCell col="time">{formatClock(message.at)}</TableCell>
      <TableCell col="topic" title={message.topic}>
        <Literal>{message.topic}</Literal>
      </TableCell>
      <TableCell col="payload">
        <Literal>{previewOf(message)}</Literal>
      </TableCell>
      {field !== null && (
        <TableCell col="field" title={field}>
          <Literal>{field}</Literal>
        </TableCell>
      )}
      <TableCell col="size">{formatBytes(message.size)}</TableCell>
    </>
  );
}
