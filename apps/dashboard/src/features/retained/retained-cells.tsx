import type { RetainedItem } from '../../shared/api/generated/types.gen.js';
import { Literal } from '../../shared/ui/literal.js';
import { formatBytes } from '../../shared/ui/format.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { TableCell, type VirtualColumn } from '../../shared/ui/virtual-table.js';
import { retainedTexts } from './texts.js';

const { columns: headers } = retainedTexts;

/** The columns of the list, in their order. */
export const retainedColumns: readonly VirtualColumn[] = [
  { key: 'topic', header: headers.topic },
  { key: 'size', header: headers.size },
  { key: 'qos', header: headers.qos },
  { key: 'publisher', header: headers.publisher },
  { key: 'updated', header: headers.updated },
  { key: 'expires', header: headers.expires },
];

/** The cells of one retained message. */
export function RetainedCells({ row }: { row: RetainedItem }) {
  return (
    <>
      <TableCell col="topic" title={row.topic}>
        <Literal>{row.topic}</Literal>
      </TableCell>
      <TableCell col="size">{formatBytes(row.size)}</TableCell>
      <TableCell col="qos">{row.qos}</TableCell>
      <TableCell col="publisher" title={row.publisher}>
        <Literal>{row.publisher}</Literal>
      </TableCell>
      <TableCell col="updated">
        <RelativeTime at={row.storedAt} />
      </TableCell>
      <TableCell col="expires">
        <RelativeTime at={row.expiresAt} fallback={retainedTexts.never} />
      </TableCell>
    </>
  );
}
