import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { isValidFilter } from '@perch/policy';
import { IconDatabase, IconSend } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { reportError } from '../../shared/report-error.js';
import { FilterInput } from '../../shared/ui/filter-input.js';
import { formatCount } from '../../shared/ui/format.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { Page } from '../../shared/ui/page.js';
import { EmptyState, ErrorState } from '../../shared/ui/states.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { VirtualTable, VirtualTableSkeleton } from '../../shared/ui/virtual-table.js';
import { JobsPanel } from './jobs-panel.js';
import { ManyMenu } from './many-menu.js';
import { PublishDialog } from './publish-dialog.js';
import { retainedTopics } from './queries.js';
import { RetainedCells, retainedColumns } from './retained-cells.js';
import { RetainedDrawer } from './retained-drawer.js';
import { RetainedTree } from './retained-tree.js';
import { retainedTexts as texts } from './texts.js';
import { useRetainedSearch } from './use-retained-search.js';
import classes from './retained.module.css';

/** The last values of topics, as a list or a tree: found, read, published, deleted, taken in and out as files. */
export function RetainedPage() {
  const [{ as }, change] = useRetainedSearch();
  const [isPublishing, setPublishing] = useState(false);
  const publish = () => setPublishing(true);
  return (
    <Page
      title={texts.title}
      actions={
        <>
          <SegmentedControl
            aria-label={texts.views.label}
            value={as ?? 'list'}
            data={(['list', 'tree'] as const).map((value) => ({ value, label: texts.views[value] }))}
            onChange={(next) => change({ as: next === 'tree' ? next : undefined, topic: undefined })}
          />
          <PermittedButton
            permission="messages:write"
            leftSection={<IconSend size={16} aria-hidden />}
            onClick={publish}
          >
            {texts.publish}
          </PermittedButton>
        </>
      }
    >
      <JobsPanel />
      {as === 'tree' ? <RetainedTree /> : <FilteredList onPublish={publish} />}
      <PublishDialog opened={isPublishing} onClose={() => setPublishing(false)} />
    </Page>
  );
}

function FilteredList({ onPublish }: { onPublish: () => void }) {
  const [{ filter = '#' }, change] = useRetainedSearch();
  const isFilter = isValidFilter(filter);
  return (
    <>
      <Group gap="sm" justify="space-between">
        <FilterInput
          label={texts.filter}
          placeholder={texts.filterPlaceholder}
          value={filter === '#' ? '' : filter}
          onChange={(next) => change({ filter: next || undefined })}
          width={420}
        />
        {isFilter && <ManyMenu filter={filter} />}
      </Group>
      {isFilter ? (
        <RetainedList filter={filter} onPublish={onPublish} />
      ) : (
        <Text size="sm" c="danger" role="alert">
          {texts.badFilter}
        </Text>
      )}
      <RetainedDrawer />
    </>
  );
}

function RetainedList({ filter, onPublish }: { filter: string; onPublish: () => void }) {
  const [search, change] = useRetainedSearch();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isPlaceholderData } = useInfiniteQuery(
    retainedTopics(filter),
  );
  const retry = () => {
    refetch().catch(reportError);
  };
  if (error && !data) return <ErrorState error={error} onRetry={retry} />;
  if (!data) return <VirtualTableSkeleton />;
  const rows = data.pages.flatMap((page) => page.items);
  const total = hasNextPage ? (data.pages.at(-1)?.total ?? null) : rows.length;
  if (rows.length === 0) return <RetainedEmpty filter={filter} onPublish={onPublish} />;
  return (
    <>
      <Text size="sm" c="dimmed" className={classes.count}>
        {texts.shown(formatCount(rows.length), total === null ? null : formatCount(total))}
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
      </Text>
      <VirtualTable
        label={texts.table}
        className={classes.table}
        columns={retainedColumns}
        rows={rows}
        rowKey={(row) => row.topic}
        Cells={RetainedCells}
        onOpen={(row) => change({ topic: row.topic }, true)}
        openKey={search.topic ?? null}
        isStale={isPlaceholderData || error !== null}
      />
    </>
  );
}

function RetainedEmpty({ filter, onPublish }: { filter: string; onPublish: () => void }) {
  const [, change] = useRetainedSearch();
  if (filter !== '#') {
    return (
      <EmptyState
        icon={IconDatabase}
        title={texts.noMatchTitle(filter)}
        action={
          <Button variant="default" onClick={() => change({ filter: undefined })}>
            {texts.showAll}
          </Button>
        }
      >
        {texts.noMatchText}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={IconDatabase}
      title={texts.emptyTitle}
      action={
        <PermittedButton permission="messages:write" variant="default" onClick={onPublish}>
          {texts.publish}
        </PermittedButton>
      }
    >
      {texts.emptyText}
    </EmptyState>
  );
}
