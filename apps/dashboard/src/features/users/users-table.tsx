import { Button, Group, Text, VisuallyHidden } from '@mantine/core';
import { IconSearchOff, IconUsers } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { User } from '../../shared/api/generated/types.gen.js';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { formatCount } from '../../shared/ui/format.js';
import { TextLink } from '../../shared/ui/links.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { EmptyState } from '../../shared/ui/states.js';
import { StatusMark } from '../../shared/ui/status-mark.js';
import { usersTexts } from './texts.js';
import type { UserTask } from './user-dialog.js';
import { UserMenu } from './user-menu.js';

interface UsersTableProps {
  readonly rows: readonly User[] | undefined;
  readonly isStale: boolean;
  readonly isFiltered: boolean;
  readonly onClearFilter: () => void;
  readonly onTask: (task: UserTask) => void;
  readonly createButton: ReactNode;
}

/** One row per user, with its state and its way to the live clients. */
export function UsersTable({ rows, isStale, isFiltered, onClearFilter, onTask, createButton }: UsersTableProps) {
  const empty = isFiltered ? (
    <EmptyState
      icon={IconSearchOff}
      title={usersTexts.nothingTitle}
      action={
        <Button variant="default" size="xs" onClick={onClearFilter}>
          {usersTexts.clear}
        </Button>
      }
    >
      {usersTexts.nothingText}
    </EmptyState>
  ) : (
    <EmptyState icon={IconUsers} title={usersTexts.emptyTitle} action={createButton}>
      {usersTexts.emptyText}
    </EmptyState>
  );
  return (
    <DataTable
      label={usersTexts.table}
      columns={columnsFor(onTask)}
      rows={rows}
      rowKey={(user) => user.id}
      empty={empty}
      isStale={isStale}
      minWidth={820}
    />
  );
}

function columnsFor(onTask: (task: UserTask) => void): Column<User>[] {
  const { columns } = usersTexts;
  return [
    { key: 'username', header: columns.username, isRowHeader: true, cell: (user) => <Username user={user} /> },
    { key: 'state', header: columns.state, cell: (user) => <UserState user={user} /> },
    { key: 'online', header: columns.online, align: 'end', cell: (user) => <OnlineClients user={user} /> },
    { key: 'note', header: columns.note, width: '30%', cell: (user) => <Note text={user.note} /> },
    { key: 'createdBy', header: columns.createdBy, cell: (user) => user.createdBy },
    { key: 'age', header: columns.passwordAge, cell: (user) => <RelativeTime at={user.passwordChangedAt} /> },
    {
      key: 'actions',
      header: <VisuallyHidden>{columns.actions}</VisuallyHidden>,
      align: 'end',
      width: 48,
      cell: (user) => <UserMenu user={user} onTask={onTask} />,
    },
  ];
}

function Username({ user }: { user: User }) {
  return (
    <Group gap={4} wrap="nowrap">
      <Text component="span" size="sm" className="perch-mono" truncate maw={320} title={user.username}>
        {user.username}
      </Text>
      <CopyButton value={user.username} label={usersTexts.copyName(user.username)} />
    </Group>
  );
}

function UserState({ user }: { user: User }) {
  return user.disabled ? (
    <StatusMark kind="deny">{usersTexts.states.disabled}</StatusMark>
  ) : (
    <StatusMark kind="allow">{usersTexts.states.active}</StatusMark>
  );
}

function OnlineClients({ user }: { user: User }) {
  if (user.onlineClients === 0) return <>{formatCount(0)}</>;
  const count = formatCount(user.onlineClients);
  return (
    <TextLink
      to="/clients"
      search={{ username: user.username }}
      size="sm"
      aria-label={usersTexts.online(count, user.username)}
    >
      {count}
    </TextLink>
  );
}

function Note({ text }: { text: string }) {
  return (
    <Text size="sm" c="dimmed" truncate maw={420} title={text}>
      {text}
    </Text>
  );
}
