import type { Subscription } from '../subscription.js';

/** Subscriptions at one filter, and the filters that go on from it. */
class Branch {
  children: Map<string, Branch> | null = null;
  /** Filters that end here. */
  ending: Subscription[] | null = null;
  /** Filters that end in `/#` here. */
  open: Subscription[] | null = null;
}

/**
 * Which subscriptions a topic reaches. Filters without wildcards are found by one look-up;
 * the others are walked level by level. Agrees with the filter algebra of the policy library.
 */
export class TopicTree {
  private readonly exact = new Map<string, Subscription[]>();
  private readonly root = new Branch();
  private wildcards = 0;
  private total = 0;

  /** How many subscriptions it holds. */
  get size(): number {
    return this.total;
  }

  add(subscription: Subscription): void {
    const list = isWildcard(subscription.filter)
      ? this.wildcardList(subscription.filter)
      : this.exactList(subscription.filter);
    subscription.slot = list.length;
    list.push(subscription);
    this.total++;
  }

  remove(subscription: Subscription): void {
    if (subscription.slot < 0) return;
    this.total--;
    if (!isWildcard(subscription.filter)) {
      const list = this.exact.get(subscription.filter);
      if (list && removeFrom(list, subscription) === 0) this.exact.delete(subscription.filter);
      return;
    }
    this.wildcards--;
    removeWildcard(this.root, subscription, 0);
  }

  /** Every subscription whose filter matches, a session once per filter, in no particular order. */
  match(topic: string): Subscription[] {
    const matches: Subscription[] = [];
    const exact = this.exact.get(topic);
    if (exact) append(matches, exact);
    if (this.wildcards > 0) walk({ levels: topic.split('/'), matches }, this.root, 0);
    return matches;
  }

  private exactList(filter: string): Subscription[] {
    let list = this.exact.get(filter);
    if (!list) this.exact.set(filter, (list = []));
    return list;
  }

  private wildcardList(filter: string): Subscription[] {
    this.wildcards++;
    let branch = this.root;
    for (const level of filter.split('/')) {
      if (level === '#') return (branch.open ??= []);
      branch.children ??= new Map();
      let next = branch.children.get(level);
      if (!next) branch.children.set(level, (next = new Branch()));
      branch = next;
    }
    return (branch.ending ??= []);
  }
}

/** True when the filter holds a wildcard. */
export function isWildcard(filter: string): boolean {
  return filter.includes('+') || filter.includes('#');
}

interface Walk {
  readonly levels: readonly string[];
  readonly matches: Subscription[];
}

function walk(search: Walk, branch: Branch, depth: number): void {
  const { levels, matches } = search;
  // [MQTT-4.7.2-1] a leading wildcard never reaches $-topics
  const wildcardsReach = depth > 0 || !(levels[0] as string).startsWith('$');
  if (branch.open && wildcardsReach) append(matches, branch.open);
  if (depth === levels.length) {
    if (branch.ending) append(matches, branch.ending);
    return;
  }
  if (!branch.children) return;
  const named = branch.children.get(levels[depth] as string);
  if (named) walk(search, named, depth + 1);
  const plus = wildcardsReach ? branch.children.get('+') : undefined;
  if (plus) walk(search, plus, depth + 1);
}

function append(matches: Subscription[], list: readonly Subscription[]): void {
  for (const subscription of list) matches.push(subscription);
}

/** Removes it by putting the last one in its place; returns how many are left. */
function removeFrom(list: Subscription[], subscription: Subscription): number {
  const last = list.pop() as Subscription;
  if (last !== subscription) {
    list[subscription.slot] = last;
    last.slot = subscription.slot;
  }
  subscription.slot = -1;
  return list.length;
}

/** Removes it below the branch, and every branch that this leaves empty. */
function removeWildcard(branch: Branch, subscription: Subscription, from: number): void {
  const { filter } = subscription;
  if (from > filter.length) {
    if (branch.ending && removeFrom(branch.ending, subscription) === 0) branch.ending = null;
    return;
  }
  const slash = filter.indexOf('/', from);
  const end = slash < 0 ? filter.length : slash;
  const level = filter.slice(from, end);
  if (level === '#') {
    if (branch.open && removeFrom(branch.open, subscription) === 0) branch.open = null;
    return;
  }
  const child = branch.children?.get(level);
  if (!child) return;
  removeWildcard(child, subscription, end + 1);
  if (child.ending || child.open || child.children) return;
  branch.children?.delete(level);
  if (branch.children?.size === 0) branch.children = null;
}
