import { Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useShortcuts } from '../../shared/keyboard/use-shortcuts.js';
import { reportError } from '../../shared/report-error.js';
import { usePermission } from '../../shared/session/session.js';
import { formatCount } from '../../shared/ui/format.js';
import { ListBody, LoadMore } from '../../shared/ui/list-body.js';
import { Page } from '../../shared/ui/page.js';
import { Panel } from '../../shared/ui/panel.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { BulkBar } from './bulk-bar.js';
import { CreateUserDrawer } from './create-user-drawer.js';
import { ImportDialog } from './import-dialog.js';
import { usersList } from './queries.js';
import { isFiltered, noFilter, type UsersSearch } from './search.js';
import { usersTexts } from './texts.js';
import { UserDialog, type UserTask } from './user-dialog.js';
import { UsersTable } from './users-table.js';
import { UsersToolbar } from './users-toolbar.js';
import { useUserSelection } from './use-user-selection.js';

const route = getRouteApi('/shell/access/users');

/** The credentials that devices connect with: find, create, change, import and export. */
export function UsersPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const show = (change: UsersSearch, replace = true) => {
    navigate({ search: (now) => ({ ...now, ...change }), replace }).catch(reportError);
  };
  const users = useInfiniteQuery(usersList(search));
  const [task, setTask] = useState<UserTask | null>(null);
  const rows = users.data?.pages.flatMap((page) => page.items);
  const total = users.data?.pages.at(-1)?.total;
  const selection = useUserSelection(search, total ?? 0);
  const create = (
    <PermittedButton
      permission="users:write"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => show({ new: 'user' }, false)}
    >
      {usersTexts.create}
    </PermittedButton>
  );
  useShortcuts(usePermission('users:write') ? { n: () => show({ new: 'user' }, false) } : {});
  const close = () => show({ new: undefined });
  return (
    <Page title={usersTexts.title} aside={usersTexts.count(formatCount(total))} actions={create}>
      <Text size="sm" c="dimmed" mt={-8}>
        {usersTexts.explain}
      </Text>
      <UsersToolbar search={search} onChange={show} />
      <BulkBar selection={selection} total={total ?? 0} />
      <Panel flush>
        <ListBody query={users}>
          <UsersTable
            rows={rows}
            isStale={users.isPlaceholderData}
            isFiltered={isFiltered(search)}
            selection={selection}
            onClearFilter={() => show(noFilter)}
            onTask={setTask}
            createButton={create}
          />
          {rows !== undefined && rows.length > 0 && (
            <LoadMore query={users} shown={usersTexts.shown(formatCount(rows.length), formatCount(total))} />
          )}
        </ListBody>
      </Panel>
      <CreateUserDrawer opened={search.new === 'user'} onClose={close} />
      <ImportDialog opened={search.new === 'import'} onClose={close} />
      <UserDialog task={task} onClose={() => setTask(null)} />
    </Page>
  );
}
