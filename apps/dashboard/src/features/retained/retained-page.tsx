import { Button, Group, SegmentedControl, Text } from '@mantine/core';
import { isValidFilter } from '@perch/policy';
import { IconDatabase, IconSend } from '@tabler/icons-react';
import { useState } from 'react';
import { FilterInput } from '../../shared/ui/filter-input.js';
import { PermittedButton } from '../../shared/ui/permitted-button.js';
import { Page } from '../../shared/ui/page.js';
import { EmptyState } from '../../shared/ui/states.js';
import { JobsPanel } from './jobs-panel.js';
import { ManyMenu } from './many-menu.js';
import { PublishDialog } from './publish-dialog.js';
import { RetainedDrawer } from './retained-drawer.js';
import { RetainedTable } from './retained-table.js';
import { RetainedTree } from './retained-tree.js';
import { retainedTexts as texts } from './texts.js';
import { useRetainedSearch } from './use-retained-search.js';

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
  const [{ topic = null }, change] = useRetainedSearch();
  return (
    <RetainedTable
      filter={filter}
      empty={<RetainedEmpty filter={filter} onPublish={onPublish} />}
      openTopic={topic}
      onOpen={(opened) => change({ topic: opened }, true)}
    />
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
