import { Badge, Button, Group, Text, Tooltip } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { TopicSubscriber } from '../../shared/api/generated/types.gen.js';
import { reportError } from '../../shared/report-error.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { EmptyState, ErrorState } from '../../shared/ui/states.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { TableCell, VirtualTable, VirtualTableSkeleton, type VirtualColumn } from '../../shared/ui/virtual-table.js';
import { topicSubscribers } from './queries.js';
import { topicsTexts } from './texts.js';
import classes from './topics.module.css';

const texts = topicsTexts.subscribersTab;

const columns: readonly VirtualColumn[] = (['client', 'filter', 'qos', 'share', 'since'] as const).map((key) => ({
  key,
  header: texts.columns[key],
}));

/** Who would be sent a message on the topic, or on some topic of the filter. */
export function SubscribersTab({ topic }: { topic: string }) {
  const navigate = useNavigate();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    topicSubscribers(topic),
  );
  if (error && !data) {
    const retry = () => {
      refetch().catch(reportError);
    };
    return <ErrorState error={error} onRetry={retry} />;
  }
  if (!data) return <VirtualTableSkeleton />;
  const rows = data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <EmptyState title={texts.emptyTitle}>{texts.emptyText(topic)}</EmptyState>;
  return (
    <>
      <Group gap="sm" mb={8}>
        <Text size="sm" c="dimmed">
          {texts.shown(rows.length, data.pages.at(-1)?.total ?? rows.length)}
        </Text>
        {hasNextPage && (
          <Button
            variant="default"
            size="compact-sm"
            loading={isFetchingNextPage}
            onClick={() => {
              fetchNextPage().catch(reportError);
            }}
          >
            {uiTexts.loadMore}
          </Button>
        )}
      </Group>
      <VirtualTable
        label={texts.table}
        className={classes.subscribers}
        columns={columns}
        rows={rows}
        rowKey={(row) => `${row.clientId} ${row.filter}`}
        Cells={SubscriberCells}
        isStale={error !== null}
        onOpen={({ clientId }) => {
          navigate({ to: '/clients', search: { c: clientId } }).catch(reportError);
        }}
      />
    </>
  );
}

function SubscriberCells({ row }: { row: TopicSubscriber }) {
  return (
    <>
      <TableCell col="client" title={row.clientId}>
        <span className="perch-mono">{row.clientId}</span>
        {!row.online && ` (${texts.offline})`}
      </TableCell>
      <TableCell col="filter" title={row.filter}>
        <span className="perch-mono">{row.filter}</span>{' '}
        {row.excluded && (
          <Tooltip label={texts.excludedHint}>
            <Badge size="sm" color="danger" variant="light">
              {texts.excluded}
            </Badge>
          </Tooltip>
        )}
      </TableCell>
      <TableCell col="qos">{row.qos}</TableCell>
      <TableCell col="share">{row.share ?? ''}</TableCell>
      <TableCell col="since">
        <RelativeTime at={row.since} />
      </TableCell>
    </>
  );
}
