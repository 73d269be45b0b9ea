import { Button, Text, VisuallyHidden } from '@mantine/core';
import { IconHistory, IconSearchOff } from '@tabler/icons-react';
import type { AuditEntry } from '../../shared/api/generated/types.gen.js';
import { visibleText } from '../../shared/ui/visible-text.js';
import { Literal, literal } from '../../shared/ui/literal.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { EmptyState } from '../../shared/ui/states.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { auditTexts } from './texts.js';

interface AuditTableProps {
  readonly rows: readonly AuditEntry[] | undefined;
  readonly isStale: boolean;
  readonly isFiltered: boolean;
  readonly onClear: () => void;
  readonly onOpen: (id: string) => void;
}

/** One row per change, newest first. */
export function AuditTable({ rows, isStale, isFiltered, onClear, onOpen }: AuditTableProps) {
  const empty = isFiltered ? (
    <EmptyState
      icon={IconSearchOff}
      title={auditTexts.nothingTitle}
      action={
        <Button variant="default" size="xs" onClick={onClear}>
          {auditTexts.clear}
        </Button>
      }
    />
  ) : (
    <EmptyState icon={IconHistory} title={auditTexts.emptyTitle}>
      {auditTexts.emptyText}
    </EmptyState>
  );
  return (
    <DataTable
      label={auditTexts.table}
      columns={columnsFor(onOpen)}
      rows={rows}
      rowKey={({ id }) => id}
      empty={empty}
      isStale={isStale}
      minWidth={860}
    />
  );
}

function columnsFor(onOpen: (id: string) => void): Column<AuditEntry>[] {
  const { columns } = auditTexts;
  return [
    { key: 'at', header: columns.at, cell: ({ at }) => <RelativeTime at={at} /> },
    { key: 'operator', header: columns.operator, cell: ({ operator }) => operator || uiTexts.unknown },
    { key: 'action', header: columns.action, cell: ({ action }) => <Literal>{action}</Literal> },
    { key: 'object', header: columns.object, width: '34%', cell: ({ object }) => <ObjectName name={object} /> },
    { key: 'result', header: columns.result, cell: (entry) => <AuditResult entry={entry} /> },
    { key: 'address', header: columns.address, cell: ({ address }) => <Literal>{address}</Literal> },
    {
      key: 'details',
      header: <VisuallyHidden>{columns.details}</VisuallyHidden>,
      align: 'end',
      cell: ({ id, action, object }) => (
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => onOpen(id)}
          aria-label={auditTexts.details(action, object)}
        >
          {auditTexts.show}
        </Button>
      ),
    },
  ];
}

function ObjectName({ name }: { name: string }) {
  return (
    <Text size="sm" className="perch-mono" truncate maw={420} title={visibleText(name)}>
      {literal(name)}
    </Text>
  );
}

/** Whether a change was made, as a mark with its word. */
export function AuditResult({ entry }: { entry: AuditEntry }) {
  return entry.result === 'done' ? (
    <StatusMark kind="allow">{auditTexts.results.done}</StatusMark>
  ) : (
    <StatusMark kind="deny">{auditTexts.results.refused}</StatusMark>
  );
}
