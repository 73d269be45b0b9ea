import { Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ErrorState } from './states.js';
import { uiTexts } from './texts.js';
import classes from './list-body.module.css';

interface ListQuery {
  readonly data: unknown;
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

/** What a query filled, or why it could not; rows of before stay, with the word that they are old. */
export function ListBody({ query, children }: { query: ListQuery; children: ReactNode }) {
  const { data, error } = query;
  const retry = () => {
    query.refetch();
  };
  if (error === null) return children;
  if (data === undefined) return <ErrorState error={error} onRetry={retry} />;
  return (
    <>
      <div className={classes.stale} role="alert">
        <IconAlertTriangle size={16} aria-hidden />
        <span>
          {uiTexts.stale}: {error.message}
        </span>
        <Button variant="default" size="compact-xs" onClick={retry}>
          {uiTexts.retry}
        </Button>
      </div>
      {children}
    </>
  );
}

interface PageQuery {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}

/** The end of a list read page by page: how much is shown, and a button for more. */
export function LoadMore({ query, shown }: { query: PageQuery; shown: string }) {
  return (
    <Group justify="space-between" className={classes.end}>
      <Text size="xs" c="dimmed" className="perch-number">
        {shown}
      </Text>
      {query.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          loading={query.isFetchingNextPage}
          onClick={() => {
            query.fetchNextPage();
          }}
        >
          {uiTexts.loadMore}
        </Button>
      )}
    </Group>
  );
}
