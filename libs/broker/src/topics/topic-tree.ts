import { type Level, LevelNode } from './level-node.js';
import { isHash, isPlus, isWildcard, levelEnd, wildcardReaches } from './levels.js';
import { append, type Entries, type TreeEntry, withEntry, withoutEntry } from './tree-entries.js';

/** Entries at one filter, and the filters that go on from it. */
class Branch<Entry> extends LevelNode<Branch<Entry>> {
  plus: Branch<Entry> | null = null;
  /** Filters that end here. */
  ending: Entries<Entry> | null = null;
  /** Filters that end in `/#` here. */
  open: Entries<Entry> | null = null;

  get isEmpty(): boolean {
    return this.isLeaf && !this.plus && !this.ending && !this.open;
  }
}

/**
 * Which entries a topic reaches. Filters without wildcards are found by one look-up;
 * the others are walked level by level. Agrees with the filter algebra of the policy library.
 */
export class TopicTree<Entry extends TreeEntry> {
  private readonly exact = new Map<string, Entries<Entry>>();
  private readonly root = new Branch<Entry>('');
  private wildcards = 0;
  private total = 0;

  /** How many entries it holds. */
  get size(): number {
    return this.total;
  }

  add(entry: Entry): void {
    const { topicFilter } = entry;
    this.total++;
    if (isWildcard(topicFilter)) {
      this.wildcards++;
      addWildcard(this.root, entry);
      return;
    }
    const known = this.exact.get(topicFilter);
    const entries = withEntry(known ?? null, entry);
    if (entries !== known) this.exact.set(topicFilter, entries);
  }

  remove(entry: Entry): void {
    if (entry.slot < 0) return;
    const { topicFilter } = entry;
    this.total--;
    if (isWildcard(topicFilter)) {
      this.wildcards--;
      removeWildcard(this.root, entry, 0);
      return;
    }
    const left = withoutEntry(this.exact.get(topicFilter) ?? null, entry);
    if (left) this.exact.set(topicFilter, left);
    else this.exact.delete(topicFilter);
  }

  /** Every entry whose filter matches, in no particular order. */
  match(topic: string): Entry[] {
    const matches: Entry[] = [];
    if (this.exact.size > 0) append(matches, this.exact.get(topic) ?? null);
    if (this.wildcards > 0) walk({ topic, matches }, this.root, 0);
    return matches;
  }
}

interface Walk<Entry> {
  readonly topic: string;
  readonly matches: Entry[];
}

/** Goes on from the branch with the level that begins at `from`; beyond the topic's end there is none. */
function walk<Entry>(search: Walk<Entry>, branch: Branch<Entry>, from: number): void {
  const { topic, matches } = search;
  for (let at: Branch<Entry> | null = branch; at;) {
    const wildcardsReach = wildcardReaches(topic, from);
    if (wildcardsReach) append(matches, at.open);
    if (from > topic.length) return append(matches, at.ending);
    const end = levelEnd(topic, from);
    if (at.plus && wildcardsReach) walk(search, at.plus, end + 1);
    at = at.child(topic, { from, end });
    from = end + 1;
  }
}

function addWildcard<Entry extends TreeEntry>(root: Branch<Entry>, entry: Entry): void {
  const { topicFilter: filter } = entry;
  let branch = root;
  let from = 0;
  while (from <= filter.length) {
    if (isHash(filter, from)) {
      branch.open = withEntry(branch.open, entry);
      return;
    }
    const end = levelEnd(filter, from);
    branch = isPlus(filter, from) ? (branch.plus ??= new Branch('+')) : reach(branch, filter, { from, end });
    from = end + 1;
  }
  branch.ending = withEntry(branch.ending, entry);
}

/** The child of this level, new when there is none. */
function reach<Entry>(branch: Branch<Entry>, filter: string, level: Level): Branch<Entry> {
  const known = branch.child(filter, level);
  if (known) return known;
  const made = new Branch<Entry>(filter.slice(level.from, level.end));
  branch.adopt(made);
  return made;
}

/** Removes it below the branch, and every branch that this leaves empty. */
function removeWildcard<Entry extends TreeEntry>(branch: Branch<Entry>, entry: Entry, from: number): void {
  const { topicFilter: filter } = entry;
  if (from > filter.length) {
    branch.ending = withoutEntry(branch.ending, entry);
    return;
  }
  if (isHash(filter, from)) {
    branch.open = withoutEntry(branch.open, entry);
    return;
  }
  const end = levelEnd(filter, from);
  const child = isPlus(filter, from) ? branch.plus : branch.child(filter, { from, end });
  if (!child) return;
  removeWildcard(child, entry, end + 1);
  if (!child.isEmpty) return;
  if (child === branch.plus) branch.plus = null;
  else branch.drop(child);
}
