import { useQuery } from '@tanstack/react-query';
import type { TopicNode } from '../api/generated/types.gen.js';
import { topicRates } from './queries.js';

/** Messages a second by topic; null where it is not known yet. Topics that were not asked about are not in it. */
export type Rates = ReadonlyMap<string, number | null>;

const NO_RATES: Rates = new Map();

/** Topics that one request may ask about. */
export const MOST_RATES = 1000;

/** How fast messages come on these topics, kept up to date while they are looked at. */
export function useTopicRates(topics: readonly string[]): { readonly rates: Rates; readonly order: Rates } {
  const { data } = useQuery(topicRates(topics));
  return { rates: data?.rates ?? NO_RATES, order: data?.order ?? NO_RATES };
}

/** Nothing is published to a filter, and what the broker says of itself is not counted. */
export function hasRate(topic: string): boolean {
  return !/(^|\/)[+#](\/|$)/.test(topic) && !topic.startsWith('$SYS/') && topic !== '';
}

/** Something is known to be published or awaited at exactly this topic, or there is nothing below. */
export function isTopic({ topic, subscribers, subscribersBelow, retainedBelow, updatedAt }: TopicNode): boolean {
  return hasRate(topic) && (subscribers > 0 || updatedAt !== null || subscribersBelow + retainedBelow === 0);
}
