import { Button, Group, Text } from '@mantine/core';
import type { ComponentProps, ReactNode } from 'react';
import { ErrorState } from './states.js';
import { uiTexts } from './texts.js';
import { VirtualTable, VirtualTableSkeleton } from './virtual-table.js';

interface PageOf<Row> {
  readonly items: readonly Row[];
  /** How many there are in all; null where nobody has counted. */
  readonly total?: number | null;
}

interface PagedQuery<Row> {
  readonly data: { readonly pages: readonly PageOf<Row>[] } | undefined;
  readonly error: Error | null;
  readonly isPlaceholderData: boolean;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly refetch: () => unknown;
  readonly fetchNextPage: () => unknown;
}

type TableProps<Row> = Omit<ComponentProps<typeof VirtualTable<Row>>, 'rows' | 'isStale'>;

interface PagedTableProps<Row> extends TableProps<Row> {
  readonly query: PagedQuery<Row>;
  /** Says how many are shown of how many; null where that is not known. */
  readonly shown: (count: number, total: number | null) => string;
  /** In place of the table when there is no row. */
  readonly empty: ReactNode;
}

/** A long table that is read page by page: loading, failed, empty, or its rows with how many they are and a way to more. */
export function PagedTable<Row>({ query, shown, empty, ...table }: PagedTableProps<Row>) {
  const { data, error, hasNextPage, isFetchingNextPage } = query;
  const retry = () => {
    query.refetch();
  };
  const more = () => {
    query.fetchNextPage();
  };
  if (error && !data) return <ErrorState error={error} onRetry={retry} />;
  if (!data) return <VirtualTableSkeleton />;
  const rows = data.pages.flatMap(({ items }) => items);
  if (rows.length === 0) return empty;
  const total = hasNextPage ? (data.pages.at(-1)?.total ?? null) : rows.length;
  return (
    <>
      <Group gap="sm" mb={8}>
        <Text size="sm" c="dimmed">
          {shown(rows.length, total)}
        </Text>
        {hasNextPage && (
          <Button variant="default" size="compact-sm" loading={isFetchingNextPage} onClick={more}>
            {uiTexts.loadMore}
          </Button>
        )}
      </Group>
      <VirtualTable {...table} rows={rows} isStale={query.isPlaceholderData || error !== null} />
    </>
  );
}
