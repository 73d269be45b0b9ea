import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Traffic } from '../../shared/api/generated/types.gen.js';
import { Literal } from '../../shared/ui/literal.js';
import { type Column, DataTable } from '../../shared/ui/data-table.js';
import { TextLink } from '../../shared/ui/links.js';
import { ListBody } from '../../shared/ui/list-body.js';
import { Panel } from '../../shared/ui/panel.js';
import { overviewTexts } from './texts.js';

const { traffic: words } = overviewTexts;

interface ClientsPanelProps<Row> {
  readonly title: string;
  readonly note?: string;
  readonly query: { readonly data: Traffic | undefined; readonly error: Error | null; readonly refetch: () => unknown };
  readonly rows: readonly Row[] | undefined;
  readonly columns: readonly Column<Row>[];
  /** Shown where there is nobody. */
  readonly none: string;
  /** CSS pixels; below, the table scrolls in its place. */
  readonly minWidth?: number;
}

/** A list of clients by what they do, or that there are none. */
export function ClientsPanel<Row extends { clientId: string }>(props: ClientsPanelProps<Row>) {
  const { title, note, query, rows, columns, none, minWidth = 280 } = props;
  return (
    <Panel title={title} actions={note !== undefined && <Note>{note}</Note>} flush>
      <ListBody query={query}>
        <DataTable
          label={title}
          columns={columns}
          rows={rows}
          rowKey={({ clientId }) => clientId}
          minWidth={minWidth}
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
export function withClient<Row extends { clientId: string }>(
  ...figures: [header: string, of: (row: Row) => string][]
): Column<Row>[] {
  return [
    {
      key: 'client',
      header: words.client,
      isRowHeader: true,
      cell: ({ clientId }) => (
        <TextLink to="/clients" search={{ c: clientId }} size="sm">
          <Literal>{clientId}</Literal>
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
