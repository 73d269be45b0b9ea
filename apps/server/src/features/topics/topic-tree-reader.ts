import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { clientSubscriptions } from './client-subscriptions.js';
import { FirstLevels, type LevelCounts } from './first-levels.js';
import type { TopicChildren, TopicChildrenQuery, TopicNode } from './topic.schemas.js';

const LOOKS_PER_PAUSE = 4096;

/** The tree of topics that the broker knows of: those that keep a message, and filters that clients subscribe with. */
@Injectable()
export class TopicTreeReader {
  constructor(private readonly broker: Broker) {}

  async children({ parent: topic, of, prefix, limit }: TopicChildrenQuery): Promise<TopicChildren> {
    const parent = topic ?? null;
    const levels = new FirstLevels(limit);
    await this.addRetained(levels, parent, prefix);
    if (of === 'all') await this.addSubscriptions(levels, parent, prefix);
    const items = levels.inOrder().map(([level, counts]) => nodeOf(parent, level, counts));
    return { items, more: levels.isCut };
  }

  private async addRetained(levels: FirstLevels, parent: string | null, prefix: string): Promise<void> {
    let looks = 0;
    for (const branch of this.broker.retained.branch(parent)?.children ?? []) {
      if (++looks % LOOKS_PER_PAUSE === 0) await setImmediate();
      if (!branch.level.startsWith(prefix)) continue;
      const counts = levels.get(branch.level);
      if (!counts) continue;
      counts.retainedBelow = branch.below;
      counts.updatedAt = branch.message?.receivedAt ?? null;
    }
  }

  private async addSubscriptions(levels: FirstLevels, parent: string | null, prefix: string): Promise<void> {
    const start = parent === null ? '' : `${parent}/`;
    for (const subscription of clientSubscriptions(this.broker)) {
      if (!subscription) await setImmediate();
      else if (subscription.topicFilter.startsWith(start + prefix))
        count(levels, subscription.topicFilter, start.length);
    }
  }
}

function count(levels: FirstLevels, filter: string, from: number): void {
  const slash = filter.indexOf('/', from);
  const counts = levels.get(filter.slice(from, slash < 0 ? undefined : slash));
  if (!counts) return;
  if (slash < 0) counts.subscribers++;
  else counts.subscribersBelow++;
}

function nodeOf(parent: string | null, level: string, { updatedAt, ...counts }: LevelCounts): TopicNode {
  const topic = parent === null ? level : `${parent}/${level}`;
  return { topic, level, ...counts, updatedAt: updatedAt === null ? null : new Date(updatedAt).toISOString() };
}
