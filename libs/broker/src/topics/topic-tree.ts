/** What a topic tree holds: something that wants the topics which its filter matches. */
export interface TreeEntry {
  readonly topicFilter: string;
  /** Its place in the list that the tree keeps it in; -1 while it is in none. */
  slot: number;
}

/** Entries at one filter, and the filters that go on from it. */
class Branch<Entry> {
  children: Map<string, Branch<Entry>> | null = null;
  /** Filters that end here. */
  ending: Entry[] | null = null;
  /** Filters that end in `/#` here. */
  open: Entry[] | null = null;
}

/**
 * Which entries a topic reaches. Filters without wildcards are found by one look-up;
 * the others are walked level by level. Agrees with the filter algebra of the policy library.
 */
export class TopicTree<Entry extends TreeEntry> {
  private readonly exact = new Map<string, Entry[]>();
  private readonly root = new Branch<Entry>();
  private wildcards = 0;
  private total = 0;

  /** How many entries it holds. */
  get size(): number {
    return this.total;
  }

  add(entry: Entry): void {
    const { topicFilter } = entry;
    const list = isWildcard(topicFilter) ? this.wildcardList(topicFilter) : this.exactList(topicFilter);
    entry.slot = list.length;
    list.push(entry);
    this.total++;
  }

  remove(entry: Entry): void {
    if (entry.slot < 0) return;
    this.total--;
    if (!isWildcard(entry.topicFilter)) {
      const list = this.exact.get(entry.topicFilter);
      if (list && removeFrom(list, entry) === 0) this.exact.delete(entry.topicFilter);
      return;
    }
    this.wildcards--;
    removeWildcard(this.root, entry, 0);
  }

  /** Every entry whose filter matches, in no particular order. */
  match(topic: string): Entry[] {
    const matches: Entry[] = [];
    const exact = this.exact.get(topic);
    if (exact) append(matches, exact);
    if (this.wildcards > 0) walk({ levels: topic.split('/'), matches }, this.root, 0);
    return matches;
  }

  private exactList(filter: string): Entry[] {
    let list = this.exact.get(filter);
    if (!list) this.exact.set(filter, (list = []));
    return list;
  }

  private wildcardList(filter: string): Entry[] {
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

interface Walk<Entry> {
  readonly levels: readonly string[];
  readonly matches: Entry[];
}

function walk<Entry>(search: Walk<Entry>, branch: Branch<Entry>, depth: number): void {
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

function append<Entry>(matches: Entry[], list: readonly Entry[]): void {
  for (const entry of list) matches.push(entry);
}

/** Removes it by putting the last one in its place; returns how many are left. */
function removeFrom<Entry extends TreeEntry>(list: Entry[], entry: Entry): number {
  const last = list.pop() as Entry;
  if (last !== entry) {
    list[entry.slot] = last;
    last.slot = entry.slot;
  }
  entry.slot = -1;
  return list.length;
}

/** Removes it below the branch, and every branch that this leaves empty. */
function removeWildcard<Entry extends TreeEntry>(branch: Branch<Entry>, entry: Entry, from: number): void {
  const { topicFilter: filter } = entry;
  if (from > filter.length) {
    if (branch.ending && removeFrom(branch.ending, entry) === 0) branch.ending = null;
    return;
  }
  const slash = filter.indexOf('/', from);
  const end = slash < 0 ? filter.length : slash;
  const level = filter.slice(from, end);
  if (level === '#') {
    if (branch.open && removeFrom(branch.open, entry) === 0) branch.open = null;
    return;
  }
  const child = branch.children?.get(level);
  if (!child) return;
  removeWildcard(child, entry, end + 1);
  if (child.ending || child.open || child.children) return;
  branch.children?.delete(level);
  if (branch.children?.size === 0) branch.children = null;
}
