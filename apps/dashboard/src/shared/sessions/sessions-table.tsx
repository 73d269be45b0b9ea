import { Button, Stack, Text, VisuallyHidden } from '@mantine/core';
import { IconDevices } from '@tabler/icons-react';
import type { OperatorSession } from '../api/generated/types.gen.js';
import { type Column, DataTable } from '../ui/data-table.js';
import { RelativeTime } from '../ui/relative-time.js';
import { EmptyState } from '../ui/states.js';
import { browserName } from './browser-name.js';
import { Literal } from '../../shared/ui/literal.js';
import { sessionsTexts } from './texts.js';

interface SessionsTableProps {
  readonly rows: readonly OperatorSession[] | undefined;
  /** Left out for who may only look. */
  readonly onEnd?: (session: OperatorSession) => void;
  /** The session that is being ended. */
  readonly ending: string | undefined;
}

/** In which browsers somebody is logged in. The one that is looking is logged out by its own menu, not here. */
export function SessionsTable({ rows, onEnd, ending }: SessionsTableProps) {
  const { columns } = sessionsTexts;
  const cells: Column<OperatorSession>[] = [
    { key: 'browser', header: columns.browser, isRowHeader: true, cell: (session) => <Browser session={session} /> },
    { key: 'address', header: columns.address, cell: ({ address }) => <Literal>{address}</Literal> },
    { key: 'started', header: columns.started, cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
    { key: 'seen', header: columns.seen, cell: ({ lastSeenAt }) => <RelativeTime at={lastSeenAt} /> },
    {
      key: 'actions',
      header: <VisuallyHidden>{columns.actions}</VisuallyHidden>,
      align: 'end',
      cell: (session) =>
        onEnd !== undefined &&
        !session.isCurrent && (
          <Button
            variant="default"
            size="compact-sm"
            loading={ending === session.id}
            onClick={() => onEnd(session)}
            aria-label={sessionsTexts.endOf(browserName(session.userAgent))}
          >
            {sessionsTexts.end}
          </Button>
        ),
    },
  ];
  const empty = <EmptyState icon={IconDevices} title={sessionsTexts.none} />;
  return (
    <DataTable
      label={sessionsTexts.table}
      columns={cells}
      rows={rows}
      rowKey={({ id }) => id}
      empty={empty}
      minWidth={560}
    />
  );
}

function Browser({ session: { userAgent, isCurrent } }: { session: OperatorSession }) {
  return (
    <Stack gap={0}>
      <span title={userAgent}>{browserName(userAgent)}</span>
      {isCurrent && (
        <Text component="span" size="xs" c="dimmed">
          {sessionsTexts.current}
        </Text>
      )}
    </Stack>
  );
}
