import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Traffic } from '../../shared/api/generated/types.gen.js';
import { usePermission } from '../../shared/session/session.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { formatBytes, formatCount, formatDuration } from '../../shared/ui/format.js';
import { TextLink } from '../../shared/ui/links.js';
import { ListBody } from '../../shared/ui/list-body.js';
import { Panel } from '../../shared/ui/panel.js';
import { traffic } from './queries.js';
import { overviewTexts } from './texts.js';

const { traffic: words } = overviewTexts;

/** The clients that talk most, that are behind, and that come and go. */
export function TrafficPanels() {
  const mayRead = usePermission('clients:read');
  const query = useQuery({ ...traffic(), enabled: mayRead });
  if (!mayRead) return null;
  const { data } = query;
  const span = data && words.span(formatDuration(data.windowSeconds * 1000));
  return (
    <>
      <ClientsPanel
        title={words.talkers}
        note={span}
        query={query}
        rows={data?.talkers}
        columns={talkerColumns}
        none={words.noTalkers}
      />
      <ClientsPanel title={words.slow} query={query} rows={data?.slow} columns={slowColumns} none={words.noSlow} />
      <ClientsPanel
        title={words.flapping}
        query={query}
        rows={data?.flapping}
        columns={flappingColumns}
        none={words.noFlapping}
      />
    </>
  );
}

interface ClientsPanelProps<Row> {
  readonly title: string;
  readonly note?: string;
  readonly query: { readonly data: Traffic | undefined; readonly error: Error | null; readonly refetch: () => unknown };
  readonly rows: readonly Row[] | undefined;
  readonly columns: readonly Column<Row>[];
  /** Shown where there is nobody. */
  readonly none: string;
}

function ClientsPanel<Row extends { clientId: string }>(props: ClientsPanelProps<Row>) {
  const { title, note, query, rows, columns, none } = props;
  return (
    <Panel title={title} actions={note !== undefined && <Note>{note}</Note>} flush>
      <ListBody query={query}>
        <DataTable
          label={title}
          columns={columns}
          rows={rows}
          rowKey={({ clientId }) => clientId}
          minWidth={280}
          empty={
            <Text size="sm" c="dimmed" p="md">
              {query.data?.at === null ? words.notYet : none}
            </Text>
          }
        />
      </ListBody>
    </Panel>
  );
}

function Note({ children }: { children: ReactNode }) {
  return (
    <Text size="xs" c="dimmed">
      {children}
    </Text>
  );
}

/** The client, as a link to it, before the figures. */
function withClient<Row extends { clientId: string }>(
  ...figures: [header: string, of: (row: Row) => string][]
): Column<Row>[] {
  return [
    {
      key: 'client',
      header: words.client,
      isRowHeader: true,
      cell: ({ clientId }) => (
        <TextLink to="/clients" search={{ c: clientId }} size="sm">
          <span className="perch-mono">{clientId}</span>
        </TextLink>
      ),
    },
    ...figures.map(([header, of]): Column<Row> => ({
      key: header,
      header,
      align: 'end',
      cell: (row) => <span className="perch-number">{of(row)}</span>,
    })),
  ];
}

const talkerColumns = withClient<Traffic['talkers'][number]>(
  [words.in, ({ messagesIn }) => formatCount(messagesIn)],
  [words.out, ({ messagesOut }) => formatCount(messagesOut)],
);

const slowColumns = withClient<Traffic['slow'][number]>(
  [words.queued, ({ queued }) => formatCount(queued)],
  [words.waiting, ({ waitingBytes }) => formatBytes(waitingBytes)],
  [words.dropped, ({ dropped }) => formatCount(dropped)],
);

const flappingColumns = withClient<Traffic['flapping'][number]>([
  words.disconnects,
  ({ disconnects }) => formatCount(disconnects),
]);
