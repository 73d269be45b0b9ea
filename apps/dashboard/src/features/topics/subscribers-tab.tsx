import { Badge, Tooltip } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { TopicSubscriber } from '../../shared/api/generated/types.gen.js';
import { reportError } from '../../shared/report-error.js';
import { Literal } from '../../shared/ui/literal.js';
import { RelativeTime } from '../../shared/ui/relative-time.js';
import { PagedTable } from '../../shared/ui/paged-table.js';
import { EmptyState } from '../../shared/ui/states.js';
import { TableCell, type VirtualColumn } from '../../shared/ui/virtual-table.js';
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
  return (
    <PagedTable
      query={useInfiniteQuery(topicSubscribers(topic))}
      shown={(shown, total) => texts.shown(shown, total ?? shown)}
      empty={<EmptyState title={texts.emptyTitle}>{texts.emptyText(topic)}</EmptyState>}
      label={texts.table}
      className={classes.subscribers}
      columns={columns}
      rowKey={(row) => `${row.clientId} ${row.filter}`}
      Cells={SubscriberCells}
      onOpen={({ clientId }) => {
        navigate({ to: '/clients', search: { c: clientId } }).catch(reportError);
      }}
    />
  );
}

function SubscriberCells({ row }: { row: TopicSubscriber }) {
  return (
    <>
      <TableCell col="client" title={row.clientId}>
        <Literal>{row.clientId}</Literal>
        {!row.online && ` (${texts.offline})`}
      </TableCell>
      <TableCell col="filter" title={row.filter}>
        <Literal>{row.filter}</Literal>{' '}
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
