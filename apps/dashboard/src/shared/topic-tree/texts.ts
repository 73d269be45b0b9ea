import type { TopicNode } from '../api/generated/types.gen.js';
import { formatCounted, formatRate } from '../ui/format.js';

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
  rate: (perSecond: string) => `${perSecond}/s`,
  rateTitle: 'Messages a second that are published to exactly this topic; topics below do not count',
  rateUnknown: 'How many messages a second come here is not known yet',
  nodeLabel: (
    { level, subscribers, subscribersBelow, retainedBelow, updatedAt }: TopicNode,
    rate: number | null | undefined,
  ) => {
    const subscriptions = subscribers + subscribersBelow;
    const facts = [
      level === '' ? '(empty level)' : level,
      ...(updatedAt === null ? [] : ['retained']),
      ...(subscriptions === 0 ? [] : [formatCounted(subscriptions, 'subscription', 'subscriptions')]),
      ...(retainedBelow === 0
        ? []
        : [formatCounted(retainedBelow, 'retained message below', 'retained messages below')]),
      ...(rate ? [`${formatRate(rate)} messages a second`] : []),
    ];
    return facts.join(', ');
  },
} as const;
