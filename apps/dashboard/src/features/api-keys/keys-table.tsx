import { ActionIcon, Menu, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconDots, IconKey, IconRefresh, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ApiKey } from '../../shared/api/generated/types.gen.js';
import { roleTexts } from '../../shared/roles/texts.js';
import { usePermission } from '../../shared/session/session.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { HistoryItem } from '../../shared/ui/history-item.js';
import { literal } from '../../shared/ui/literal.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { EmptyState } from '../../shared/ui/states.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { useNow } from '../../shared/ui/use-now.js';
import type { KeyTask } from './key-dialog.js';
import { visibleText } from '../../shared/ui/visible-text.js';
import { apiKeysTexts } from './texts.js';

const soonMs = 14 * 86_400_000;

interface KeysTableProps {
  readonly rows: readonly ApiKey[] | undefined;
  readonly onTask: (task: KeyTask) => void;
  /** The one next action where there are none. */
  readonly create: ReactNode;
}

/** The keys by name, with when and from where each was used last. */
export function KeysTable({ rows, onTask, create }: KeysTableProps) {
  return (
    <DataTable
      label={apiKeysTexts.table}
      columns={columnsFor(onTask)}
      rows={rows}
      rowKey={({ id }) => id}
      minWidth={900}
      empty={
        <EmptyState icon={IconKey} title={apiKeysTexts.emptyTitle} action={create}>
          {apiKeysTexts.emptyText}
        </EmptyState>
      }
    />
  );
}

function columnsFor(onTask: (task: KeyTask) => void): Column<ApiKey>[] {
  const { columns } = apiKeysTexts;
  return [
    { key: 'name', header: columns.name, isRowHeader: true, cell: (key) => <Name apiKey={key} /> },
    {
      key: 'role',
      header: columns.role,
      cell: ({ role }) => <span title={roleTexts.roles[role].may}>{roleTexts.roles[role].label}</span>,
    },
    { key: 'state', header: columns.state, cell: (key) => <State apiKey={key} /> },
    { key: 'lastUsed', header: columns.lastUsed, cell: (key) => <LastUsed apiKey={key} /> },
    {
      key: 'expires',
      header: columns.expires,
      cell: ({ expiresAt }) => <RelativeTime at={expiresAt} fallback={apiKeysTexts.neverExpires} />,
    },
    {
      key: 'created',
      header: columns.created,
      cell: ({ createdAt, createdBy }) => (
        <TwoLines second={apiKeysTexts.by(createdBy)}>
          <RelativeTime at={createdAt} />
        </TwoLines>
      ),
    },
    {
      key: 'actions',
      header: <VisuallyHidden>{columns.actions}</VisuallyHidden>,
      align: 'end',
      width: 48,
      cell: (key) => <KeyMenu apiKey={key} onTask={onTask} />,
    },
  ];
}

function TwoLines({ children, second }: { children: ReactNode; second: string }) {
  return (
    <Stack gap={0}>
      <span>{children}</span>
      <Text component="span" size="xs" c="dimmed" truncate maw={200} title={second}>
        {second}
      </Text>
    </Stack>
  );
}

function Name({ apiKey }: { apiKey: ApiKey }) {
  return (
    <Stack gap={0}>
      <Text component="span" size="sm" fw={500} truncate maw={280} title={visibleText(apiKey.name)}>
        {literal(apiKey.name)}
      </Text>
      <Text component="span" size="xs" c="dimmed" className="perch-mono">
        perch_{apiKey.id}_…
      </Text>
    </Stack>
  );
}

function LastUsed({ apiKey: { lastUsedAt, lastUsedFrom } }: { apiKey: ApiKey }) {
  if (lastUsedAt === null) return <span>{apiKeysTexts.neverUsed}</span>;
  return (
    <TwoLines second={lastUsedFrom === null ? '' : apiKeysTexts.from(lastUsedFrom)}>
      <RelativeTime at={lastUsedAt} />
    </TwoLines>
  );
}

function State({ apiKey: { expiresAt, previousValidUntil } }: { apiKey: ApiKey }) {
  const now = useNow();
  const { states } = apiKeysTexts;
  const leftMs = expiresAt === null ? Infinity : Date.parse(expiresAt) - now;
  if (leftMs <= 0) return <StatusMark kind="deny">{states.expired}</StatusMark>;
  if (leftMs < soonMs) return <StatusMark kind="warning">{states.soon}</StatusMark>;
  const isRotating = previousValidUntil !== null && Date.parse(previousValidUntil) > now;
  if (isRotating) return <StatusMark kind="warning">{states.rotating}</StatusMark>;
  return <StatusMark kind="allow">{states.active}</StatusMark>;
}

const icon = { size: 16, 'aria-hidden': true } as const;

function KeyMenu({ apiKey, onTask }: { apiKey: ApiKey; onTask: (task: KeyTask) => void }) {
  const mayWrite = usePermission('api-keys:write');
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={28} aria-label={apiKeysTexts.more(apiKey.name)}>
          <IconDots {...icon} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {mayWrite && (
          <Menu.Item leftSection={<IconRefresh {...icon} />} onClick={() => onTask({ kind: 'rotate', apiKey })}>
            {apiKeysTexts.rotate}
          </Menu.Item>
        )}
        <HistoryItem object={`api-key/${apiKey.name}`} />
        {mayWrite && (
          <Menu.Item
            color="danger"
            leftSection={<IconTrash {...icon} />}
            onClick={() => onTask({ kind: 'revoke', apiKey })}
          >
            {apiKeysTexts.revoke}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
