import { isHash, isPlus, isWildcard, levelEnd, wildcardReaches } from './levels.js';
import { append, type Entries, type TreeEntry, withEntry, withoutEntry } from './tree-entries.js';

/** Entries at one filter, and the filters that go on from it. */
class Branch<Entry> {
  plus: Branch<Entry> | null = null;
  /** Where named levels lead: most branches have one of them at most, which needs no map. */
  only: Branch<Entry> | null = null;
  children: Map<string, Branch<Entry>> | null = null;
  /** Filters that end here. */
  ending: Entries<Entry> | null = null;
  /** Filters that end in `/#` here. */
  open: Entries<Entry> | null = null;

  constructor(
    /** The level that leads here. */
    readonly level: string,
  ) {}
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
    at = childOf(at, topic, { from, end });
    from = end + 1;
  }
}

interface Level {
  readonly from: number;
  readonly end: number;
}

/** Where the level between these places of the text leads. */
function childOf<Entry>(branch: Branch<Entry>, text: string, { from, end }: Level): Branch<Entry> | null {
  if (branch.children) return branch.children.get(text.slice(from, end)) ?? null;
  const { only } = branch;
  return only && only.level.length === end - from && text.startsWith(only.level, from) ? only : null;
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
  const known = childOf(branch, filter, level);
  if (known) return known;
  const made = new Branch<Entry>(filter.slice(level.from, level.end));
  if (branch.only) {
    branch.children = new Map([[branch.only.level, branch.only]]);
    branch.only = null;
  }
  if (branch.children) branch.children.set(made.level, made);
  else branch.only = made;
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
  const child = isPlus(filter, from) ? branch.plus : childOf(branch, filter, { from, end });
  if (!child) return;
  removeWildcard(child, entry, end + 1);
  if (isEmpty(child)) cut(branch, child);
}

function isEmpty({ plus, only, children, ending, open }: Branch<unknown>): boolean {
  return !plus && !only && !children && !ending && !open;
}

function cut<Entry>(branch: Branch<Entry>, child: Branch<Entry>): void {
  if (branch.plus === child) branch.plus = null;
  else if (branch.only === child) branch.only = null;
  else if (branch.children?.delete(child.level) && branch.children.size === 0) branch.children = null;
}
