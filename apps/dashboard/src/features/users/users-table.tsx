import { Button, Checkbox, VisuallyHidden } from '@mantine/core';
import { IconSearchOff, IconUsers } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { User } from '../../shared/api/generated/types.gen.js';
import { usePermission } from '../../shared/session/session.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { EmptyState } from '../../shared/ui/states.js';
import { usersTexts } from './texts.js';
import { Binding, Labels, LastSeen, OnlineClients, Username, UserState } from './user-cells.js';
import type { UserTask } from './user-dialog.js';
import { UserMenu } from './user-menu.js';
import type { UserSelection } from './use-user-selection.js';

interface UsersTableProps {
  readonly rows: readonly User[] | undefined;
  readonly isStale: boolean;
  readonly isFiltered: boolean;
  readonly selection: UserSelection;
  readonly onClearFilter: () => void;
  readonly onTask: (task: UserTask) => void;
  readonly createButton: ReactNode;
}

/** One row per user, with its state and its way to the live clients. */
export function UsersTable(props: UsersTableProps) {
  const { rows, isStale, isFiltered, selection, onClearFilter, onTask, createButton } = props;
  const maySelect = usePermission('users:write');
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
      columns={[...(maySelect ? [selectColumn(selection, rows)] : []), ...columnsFor(onTask)]}
      rows={rows}
      rowKey={(user) => user.id}
      empty={empty}
      isStale={isStale}
      minWidth={960}
    />
  );
}

function selectColumn(selection: UserSelection, rows: readonly User[] = []): Column<User> {
  const chosen = rows.filter(({ id }) => selection.has(id)).length;
  return {
    key: 'select',
    width: 40,
    header: (
      <Checkbox
        size="xs"
        aria-label={usersTexts.bulk.selectAll}
        checked={chosen > 0 && chosen === rows.length}
        indeterminate={chosen > 0 && chosen < rows.length}
        onChange={(event) => selection.choose(rows, event.currentTarget.checked)}
      />
    ),
    cell: (user) => (
      <Checkbox
        size="xs"
        aria-label={usersTexts.bulk.selectOne(user.username)}
        checked={selection.has(user.id)}
        onChange={(event) => selection.choose([user], event.currentTarget.checked)}
      />
    ),
  };
}

function columnsFor(onTask: (task: UserTask) => void): Column<User>[] {
  const { columns } = usersTexts;
  return [
    { key: 'username', header: columns.username, isRowHeader: true, cell: (user) => <Username user={user} /> },
    { key: 'state', header: columns.state, cell: (user) => <UserState user={user} /> },
    { key: 'online', header: columns.online, align: 'end', cell: (user) => <OnlineClients user={user} /> },
    { key: 'lastSeen', header: columns.lastSeen, cell: (user) => <LastSeen user={user} /> },
    { key: 'binding', header: columns.binding, cell: (user) => <Binding user={user} /> },
    { key: 'labels', header: columns.labels, cell: (user) => <Labels user={user} /> },
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
