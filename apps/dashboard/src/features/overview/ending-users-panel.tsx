import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { User } from '../../shared/api/generated/types.gen.js';
import { usePermission } from '../../shared/session/session.js';
import { Literal } from '../../shared/ui/literal.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { formatCount } from '../../shared/ui/format.js';
import { TextLink } from '../../shared/ui/links.js';
import { ListBody } from '../../shared/ui/list-body.js';
import { Panel } from '../../shared/ui/panel.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { usersThatEndSoon } from './queries.js';
import { overviewTexts } from './texts.js';

const { ending: words } = overviewTexts;

const SHOWN = 10;

/** Users whose time is over within a week, the first to end first. */
export function EndingUsersPanel() {
  const mayRead = usePermission('users:read');
  const query = useQuery({ ...usersThatEndSoon(), enabled: mayRead });
  if (!mayRead) return null;
  const { data } = query;
  const rows = data?.items.toSorted((a, b) => endOf(a) - endOf(b)).slice(0, SHOWN);
  const more = data === undefined ? 0 : data.total - (rows?.length ?? 0);
  return (
    <Panel title={words.title} flush>
      <ListBody query={query}>
        <DataTable
          label={words.title}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          minWidth={280}
          empty={
            <Text size="sm" c="dimmed" p="md">
              {words.none}
            </Text>
          }
        />
        {more > 0 && (
          <Text size="xs" c="dimmed" p="sm">
            {words.more(formatCount(more))}
          </Text>
        )}
      </ListBody>
    </Panel>
  );
}

function endOf({ validUntil }: User): number {
  return validUntil === null ? Infinity : Date.parse(validUntil);
}

const columns: readonly Column<User>[] = [
  {
    key: 'username',
    header: words.user,
    isRowHeader: true,
    cell: ({ username }) => (
      <TextLink to="/access/users" search={{ q: username }} size="sm">
        <Literal>{username}</Literal>
      </TextLink>
    ),
  },
  { key: 'ends', header: words.ends, align: 'end', cell: ({ validUntil }) => <RelativeTime at={validUntil} /> },
];
