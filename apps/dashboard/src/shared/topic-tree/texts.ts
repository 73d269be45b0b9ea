import type { TopicNode } from '../api/generated/types.gen.js';
import { formatCounted } from '../ui/format.js';

/** The words of the tree of topics. */
export const topicTreeTexts = {
  emptyLevel: '(empty level)',
  remarks: {
    loading: 'Loading…',
    error: 'Could not be loaded; tried again soon',
    more: 'More than 10,000 here: type the beginning above',
  },
  subscribers: (count: number) => formatCounted(count, 'subscription', 'subscriptions'),
  retained: (count: number) => formatCounted(count, 'retained message below', 'retained messages below'),
  nodeLabel: ({ level, subscribers, subscribersBelow, retainedBelow, updatedAt }: TopicNode) => {
    const subscriptions = subscribers + subscribersBelow;
    const facts = [
      level === '' ? '(empty level)' : level,
      ...(updatedAt === null ? [] : ['retained']),
      ...(subscriptions === 0 ? [] : [formatCounted(subscriptions, 'subscription', 'subscriptions')]),
      ...(retainedBelow === 0
        ? []
        : [formatCounted(retainedBelow, 'retained message below', 'retained messages below')]),
    ];
    return facts.join(', ');
  },
} as const;
