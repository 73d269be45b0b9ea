import type { Subscription } from '../subscription.js';
import { SharedGroup } from './shared-group.js';
import type { Group, Tap } from './tap.js';
import { TopicTree } from './topic-tree.js';

/** Who is to get a message: each of the subscriptions, and one member of each of the groups; watchers are among these. */
export interface Matches {
  readonly subscriptions: Subscription[];
  readonly groups: readonly Group[];
}

const NOBODY: readonly Group[] = [];

/** All subscriptions of the broker, those of their own and the shared ones. */
export class SubscriptionIndex {
  private readonly own = new TopicTree<Subscription>();
  private readonly shared = new TopicTree<Group>();
  private readonly groups = new Map<string, SharedGroup>();
  /** Those of clients, and not of operators: counted by whoever adds and removes. */
  ofClients = 0;
  private total = 0;
  private ofSystem = 0;

  /** How many subscriptions it holds. */
  get size(): number {
    return this.total;
  }

  /** Somebody may be subscribed to what the broker itself publishes. */
  get reachesSystem(): boolean {
    return this.ofSystem > 0;
  }

  add(subscription: Subscription): void {
    this.total++;
    if (isOfSystem(subscription)) this.ofSystem++;
    if (subscription.share === null) this.own.add(subscription);
    else this.groupOf(subscription).add(subscription);
  }

  remove(subscription: Subscription): void {
    this.total--;
    if (isOfSystem(subscription)) this.ofSystem--;
    if (subscription.share === null) return this.own.remove(subscription);
    const group = this.groups.get(subscription.filter);
    group?.remove(subscription);
    if (!group?.isEmpty) return;
    this.groups.delete(group.key);
    this.shared.remove(group);
  }

  watch(tap: Tap): void {
    if (isOfSystem(tap)) this.ofSystem++;
    this.shared.add(tap);
  }

  unwatch(tap: Tap): void {
    if (isOfSystem(tap)) this.ofSystem--;
    this.shared.remove(tap);
  }

  match(topic: string): Matches {
    return { subscriptions: this.own.match(topic), groups: this.shared.size > 0 ? this.shared.match(topic) : NOBODY };
  }

  /** The group of this `$share/…` filter, while it has members. */
  groupNamed(filter: string): SharedGroup | undefined {
    return this.groups.get(filter);
  }

  private groupOf({ filter, topicFilter }: Subscription): SharedGroup {
    let group = this.groups.get(filter);
    if (!group) {
      group = new SharedGroup(filter, topicFilter);
      this.groups.set(filter, group);
      this.shared.add(group);
    }
    return group;
  }
}

/** [MQTT-4.7.2-1] a leading wildcard never gets there */
function isOfSystem({ topicFilter }: Pick<Subscription, 'topicFilter'>): boolean {
  return topicFilter.startsWith('$SYS/');
}
