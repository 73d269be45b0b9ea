import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { usePermission } from '../../shared/session/session.js';
import { reportError } from '../../shared/report-error.js';
import { TextLink } from '../../shared/ui/links.js';
import { EmptyState, ErrorState } from '../../shared/ui/states.js';
import { VirtualTable, VirtualTableSkeleton } from '../../shared/ui/virtual-table.js';
import { HiddenPayload, MessageDetails } from './message-details.js';
import { retainedTopics } from './queries.js';
import { RetainedCells, retainedColumns } from './retained-cells.js';
import { retainedTexts as texts } from './texts.js';
import classes from './retained.module.css';

/** The message that is retained on a topic, wherever it is shown. */
export function RetainedMessageOf({ topic }: { topic: string }) {
  const mayRead = usePermission('messages:read');
  return mayRead ? <MessageDetails topic={topic} /> : <HiddenPayload />;
}

/** What is retained on a topic and below. */
export function RetainedUnder({ topic }: { topic: string }) {
  const filter = topic === '#' || topic.endsWith('/#') ? topic : `${topic}/#`;
  const navigate = useNavigate();
  const { data, error, refetch } = useInfiniteQuery(retainedTopics(filter));
  const retry = () => {
    refetch().catch(reportError);
  };
  if (error && !data) return <ErrorState error={error} onRetry={retry} />;
  if (!data) return <VirtualTableSkeleton />;
  const rows = data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <EmptyState title={texts.noMatchTitle(filter)}>{texts.noMatchText}</EmptyState>;
  return (
    <>
      <TextLink to="/retained" search={{ filter }} size="sm">
        {texts.openPage}
      </TextLink>
      <VirtualTable
        label={texts.table}
        className={classes.table}
        columns={retainedColumns}
        rows={rows}
        rowKey={(row) => row.topic}
        Cells={RetainedCells}
        isStale={error !== null}
        onOpen={(row) => {
          navigate({ to: '/retained', search: { filter, topic: row.topic } }).catch(reportError);
        }}
      />
    </>
  );
}
