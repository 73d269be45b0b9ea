import { Group, SegmentedControl, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { reportError } from '../../shared/report-error.js';
import { FilterInput } from '../../shared/ui/filter-input.js';
import { formatCount } from '../../shared/ui/format.js';
import { ListBody, LoadMore } from '../../shared/ui/list-body.js';
import { Page } from '../../shared/ui/page.js';
import { Panel } from '../../shared/ui/panel.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { CreateUserDrawer } from './create-user-drawer.js';
import { usersList } from './queries.js';
import type { UsersSearch } from './search.js';
import { usersTexts } from './texts.js';
import { UserDialog, type UserTask } from './user-dialog.js';
import { UsersTable } from './users-table.js';

const route = getRouteApi('/shell/access/users');

/** The credentials that devices connect with: find, create, reset, disable, delete. */
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
  const create = (
    <PermittedButton
      permission="users:write"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => show({ new: 'user' }, false)}
    >
      {usersTexts.create}
    </PermittedButton>
  );
  return (
    <Page title={usersTexts.title} aside={usersTexts.count(formatCount(total))} actions={create}>
      <Text size="sm" c="dimmed" mt={-8}>
        {usersTexts.explain}
      </Text>
      <UsersToolbar search={search} onChange={show} />
      <Panel flush>
        <ListBody query={users}>
          <UsersTable
            rows={rows}
            isStale={users.isPlaceholderData}
            isFiltered={search.q !== undefined || search.state !== undefined}
            onClearFilter={() => show({ q: undefined, state: undefined })}
            onTask={setTask}
            createButton={create}
          />
          {rows !== undefined && rows.length > 0 && (
            <LoadMore query={users} shown={usersTexts.shown(formatCount(rows.length), formatCount(total))} />
          )}
        </ListBody>
      </Panel>
      <CreateUserDrawer opened={search.new === 'user'} onClose={() => show({ new: undefined })} />
      <UserDialog task={task} onClose={() => setTask(null)} />
    </Page>
  );
}

function UsersToolbar({ search, onChange }: { search: UsersSearch; onChange: (change: UsersSearch) => void }) {
  const states = Object.entries(usersTexts.states).map(([value, label]) => ({ value, label }));
  return (
    <Group gap="sm">
      <FilterInput label={usersTexts.filter} value={search.q ?? ''} onChange={(q) => onChange({ q: q || undefined })} />
      <SegmentedControl
        aria-label={usersTexts.stateLabel}
        data={states}
        value={search.state ?? 'all'}
        onChange={(state) => onChange({ state: state === 'active' || state === 'disabled' ? state : undefined })}
      />
    </Group>
  );
}
