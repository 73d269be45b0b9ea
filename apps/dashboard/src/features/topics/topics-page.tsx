import { Button, SegmentedControl, Tabs, Text, Title } from '@mantine/core';
import { IconHierarchy2, IconPin, IconPinnedOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { literal } from '../../shared/ui/literal.js';
import { formatRate } from '../../shared/ui/format.js';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { FilterInput } from '../../shared/ui/filter-input.js';
import { Page } from '../../shared/ui/page.js';
import { EmptyState } from '../../shared/ui/states.js';
import { usePins } from './pins.js';
import { type TopicTab, topicTabs } from './search.js';
import { SubscribersTab } from './subscribers-tab.js';
import { MessageView } from './tail/message-view.js';
import { TailTab } from './tail/tail-tab.js';
import { useTail } from './tail/use-tail.js';
import { topicsTexts as texts } from './texts.js';
import { TopicTree } from '../../shared/topic-tree/topic-tree.js';
import { hasRate, useTopicRates } from '../../shared/topic-tree/use-topic-rates.js';
import { useTopicTree } from '../../shared/topic-tree/use-topic-tree.js';
import { useTopicsSearch } from './use-topics-search.js';
import panes from '../../shared/topic-tree/topic-tree.module.css';
import classes from './topics.module.css';

/** What other features know of a topic. */
export interface TopicParts {
  /** The message that is retained on it. */
  readonly message: (topic: string) => ReactNode;
  /** What is retained on it and below. */
  readonly retained: (topic: string) => ReactNode;
  readonly who: (topic: string) => ReactNode;
  readonly publish: (topic: string) => ReactNode;
}

/** All topics as a tree, and what is known of the one that is open. */
export function TopicsPage({ parts }: { parts: TopicParts }) {
  return (
    <Page title={texts.title}>
      <div className={panes.panes}>
        <Browser />
        <Details parts={parts} />
      </div>
    </Page>
  );
}

function Browser() {
  const [{ topic, find = '', sort }, change] = useTopicsSearch();
  const tree = useTopicTree({ find, byActivity: sort === 'activity', of: 'all' });
  const { pins } = usePins();
  const open = (chosen: string) => change({ topic: chosen }, true);
  const isEmpty = tree.rows.length === 0;
  return (
    <div className={panes.browser}>
      <FilterInput
        label={texts.find}
        value={find}
        onChange={(next) => change({ find: next || undefined })}
        width="100%"
      />
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={texts.sort}
        title={texts.sortHint}
        value={sort ?? 'name'}
        data={(['name', 'activity'] as const).map((value) => ({ value, label: texts.sorts[value] }))}
        onChange={(value) => change({ sort: value === 'activity' ? value : undefined })}
      />
      {pins.length > 0 && (
        <nav aria-label={texts.pinned} className={classes.pins}>
          {pins.map((pin) => (
            <Button key={pin} size="compact-xs" variant="default" className="perch-mono" onClick={() => open(pin)}>
              {literal(pin)}
            </Button>
          ))}
        </nav>
      )}
      {isEmpty ? (
        <NoTopics find={find} />
      ) : (
        <TopicTree label={texts.tree} tree={tree} selected={topic} onSelect={open} />
      )}
    </div>
  );
}

function NoTopics({ find }: { find: string }) {
  const [, change] = useTopicsSearch();
  if (find !== '') {
    return (
      <EmptyState
        title={texts.noMatchTitle(find)}
        action={
          <Button variant="default" onClick={() => change({ find: undefined })}>
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
      icon={IconHierarchy2}
      title={texts.emptyTitle}
      action={
        <Button variant="default" onClick={() => change({ tab: 'tail' })}>
          {texts.emptyTail}
        </Button>
      }
    >
      {texts.emptyText}
    </EmptyState>
  );
}

function Details({ parts }: { parts: TopicParts }) {
  const [{ topic, client, tab: wanted }, change] = useTopicsSearch();
  const { feed, state } = useTail();
  const tab = wanted ?? (topic === undefined ? 'tail' : 'subscribers');
  const seen = topic === undefined ? undefined : state.rows.find(({ message }) => message.topic === topic)?.message;
  const choose = (
    <EmptyState icon={IconHierarchy2} title={texts.chooseTitle}>
      {texts.chooseText}
    </EmptyState>
  );
  const of = (paint: (topic: string) => ReactNode) => (topic === undefined ? choose : paint(topic));
  const panels: Readonly<Record<TopicTab, () => ReactNode>> = {
    subscribers: () => of((chosen) => <SubscribersTab topic={chosen} />),
    message: () => of((chosen) => <LastMessage seen={seen}>{parts.message(chosen)}</LastMessage>),
    tail: () => (
      <TailTab
        feed={feed}
        state={state}
        topic={topic}
        clientId={client}
        onEveryClient={() => change({ client: undefined })}
      />
    ),
    retained: () => of(parts.retained),
    who: () => of(parts.who),
    publish: () => of(parts.publish),
  };
  return (
    <div className={classes.details}>
      {topic !== undefined && <TopicHeading topic={topic} />}
      <Tabs value={tab} onChange={(next) => change({ tab: (next ?? undefined) as TopicTab | undefined })}>
        <Tabs.List aria-label={texts.tabsLabel}>
          {topicTabs.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {texts.tabs[each]}
              {each === 'tail' && state.status === 'live' && ' ●'}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {topicTabs.map((each) => (
          <Tabs.Panel key={each} value={each} pt="sm">
            {each === tab && panels[each]()}
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  );
}

function TopicHeading({ topic }: { topic: string }) {
  const { pins, toggle } = usePins();
  const { rates } = useTopicRates(hasRate(topic) ? [topic] : []);
  const isPinned = pins.includes(topic);
  return (
    <div className={classes.heading}>
      <Title order={2} size="h3" className="perch-mono">
        {literal(topic)}
      </Title>
      <CopyButton value={topic} label={texts.copyTopic} />
      {hasRate(topic) && (
        <Text size="sm" c="dimmed" className={classes.numbers} title={texts.perSecondHint}>
          {texts.perSecond(formatRate(rates.get(topic)))}
        </Text>
      )}
      <Button
        size="compact-sm"
        variant="default"
        aria-pressed={isPinned}
        leftSection={isPinned ? <IconPinnedOff size={14} aria-hidden /> : <IconPin size={14} aria-hidden />}
        onClick={() => toggle(topic)}
      >
        {isPinned ? texts.unpin : texts.pin}
      </Button>
    </div>
  );
}

/** Two sources, and each says which it is: nobody else knows what was said on a topic. */
function LastMessage({
  seen,
  children,
}: {
  seen: React.ComponentProps<typeof MessageView>['message'] | undefined;
  children: ReactNode;
}) {
  return (
    <div className={classes.sources}>
      <section>
        <Text fw={600} mb={8}>
          {texts.messageTab.retained}
        </Text>
        {children}
      </section>
      <section>
        <Text fw={600} mb={8}>
          {texts.messageTab.tail}
        </Text>
        {seen ? (
          <MessageView message={seen} />
        ) : (
          <Text size="sm" c="dimmed">
            {texts.messageTab.noTail}
          </Text>
        )}
      </section>
    </div>
  );
}
