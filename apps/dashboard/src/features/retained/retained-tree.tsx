import { Group, Text, Title } from '@mantine/core';
import { IconDatabase } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { TopicTree } from '../../shared/topic-tree/topic-tree.js';
import panes from '../../shared/topic-tree/topic-tree.module.css';
import { useTopicTree } from '../../shared/topic-tree/use-topic-tree.js';
import { literal } from '../../shared/ui/literal.js';
import { FilterInput } from '../../shared/ui/filter-input.js';
import { formatCounted } from '../../shared/ui/format.js';
import { EmptyState } from '../../shared/ui/states.js';
import { ManyMenu } from './many-menu.js';
import { countOfRetained } from './queries.js';
import { RetainedMessageOf } from './retained-of-topic.js';
import { retainedTexts } from './texts.js';
import { useRetainedSearch } from './use-retained-search.js';

const texts = retainedTexts.tree;

/** The topics that keep a message as a tree, and what the one that is open keeps. */
export function RetainedTree() {
  const [{ topic, find = '' }, change] = useRetainedSearch();
  const tree = useTopicTree({ find, byActivity: false, of: 'retained' });
  return (
    <div className={panes.panes}>
      <div className={panes.browser}>
        <FilterInput
          label={texts.find}
          value={find}
          onChange={(next) => change({ find: next || undefined })}
          width="100%"
        />
        {tree.rows.length === 0 ? (
          <EmptyState icon={IconDatabase} title={find === '' ? retainedTexts.emptyTitle : texts.emptyTitle(find)}>
            {find === '' ? retainedTexts.emptyText : null}
          </EmptyState>
        ) : (
          <TopicTree
            label={texts.label}
            tree={tree}
            selected={topic}
            onSelect={(chosen) => change({ topic: chosen, view: undefined }, true)}
          />
        )}
      </div>
      {topic === undefined ? (
        <EmptyState icon={IconDatabase} title={texts.chooseTitle}>
          {texts.chooseText}
        </EmptyState>
      ) : (
        <Branch key={topic} topic={topic} />
      )}
    </div>
  );
}

function Branch({ topic }: { topic: string }) {
  const filter = `${topic}/#`;
  const { data } = useQuery(countOfRetained(filter));
  return (
    <section style={{ minWidth: 0 }} aria-label={topic}>
      <Group justify="space-between" gap="sm" mb="sm">
        <div style={{ minWidth: 0 }}>
          <Title order={2} size="h3" className="perch-mono" style={{ overflowWrap: 'anywhere' }}>
            {literal(topic)}
          </Title>
          {data && (
            <Text size="sm" c="dimmed">
              {texts.below(formatCounted(data.count, retainedTexts.many.message, retainedTexts.many.messages))}
            </Text>
          )}
        </div>
        <ManyMenu filter={filter} />
      </Group>
      <RetainedMessageOf topic={topic} />
    </section>
  );
}
