import type { TopicChildren, TopicNode } from '../api/generated/types.gen.js';

/** What is known of the levels below one topic. */
export interface Branch {
  readonly data: TopicChildren | undefined;
  readonly error: Error | null;
}

/** One line of the tree as it is painted: a level, or a remark about a branch. */
export type TreeRow =
  | {
      readonly kind: 'node';
      readonly key: string;
      readonly node: TopicNode;
      readonly depth: number;
      readonly isExpandable: boolean;
      readonly isExpanded: boolean;
      readonly position: number;
      readonly siblings: number;
    }
  | { readonly kind: 'loading' | 'error' | 'more'; readonly key: string; readonly depth: number };

export type NodeRow = Extract<TreeRow, { kind: 'node' }>;

interface TreeView {
  /** The branch of a topic; null for where the tree begins. */
  readonly branchOf: (topic: string | null) => Branch;
  readonly expanded: ReadonlySet<string>;
  /** Sorts by what happens, and how much that is by topic, as far as it is known; null: by name. */
  readonly activity: ReadonlyMap<string, number | null> | null;
}

/** The tree as lines from top to bottom, open branches unfolded. */
export function treeRows(view: TreeView): TreeRow[] {
  return [...branchRows(view, null, 0)];
}

function* branchRows(view: TreeView, topic: string | null, depth: number): Generator<TreeRow> {
  const { data, error } = view.branchOf(topic);
  const key = (kind: string) => `${kind} of ${JSON.stringify(topic)}`;
  if (!data) {
    yield { kind: error ? 'error' : 'loading', key: key('remark'), depth };
    return;
  }
  const items = view.activity ? data.items.toSorted(byActivity(view.activity)) : data.items;
  for (const [index, node] of items.entries()) {
    const isExpandable = node.subscribersBelow + node.retainedBelow > 0;
    const isExpanded = isExpandable && view.expanded.has(node.topic);
    const place = { position: index + 1, siblings: items.length };
    yield { kind: 'node', key: `topic ${node.topic}`, node, depth, isExpandable, isExpanded, ...place };
    if (isExpanded) yield* branchRows(view, node.topic, depth + 1);
  }
  if (data.more) yield { kind: 'more', key: key('more'), depth };
}

/** Most messages a second come first, then what was retained last, then what has most subscribers. */
function byActivity(rates: ReadonlyMap<string, number | null>) {
  return (a: TopicNode, b: TopicNode): number => {
    const rate = (rates.get(b.topic) ?? 0) - (rates.get(a.topic) ?? 0);
    if (rate !== 0) return rate;
    const [atA, atB] = [a.updatedAt ?? '', b.updatedAt ?? ''];
    if (atA !== atB) return atA < atB ? 1 : -1;
    return b.subscribers + b.subscribersBelow - a.subscribers - a.subscribersBelow;
  };
}

/** Splits what was typed into the topic where the tree begins and what its levels begin with. */
export function startOf(find: string): { readonly parent: string | null; readonly prefix: string } {
  const slash = find.lastIndexOf('/');
  return slash < 0 ? { parent: null, prefix: find } : { parent: find.slice(0, slash), prefix: find.slice(slash + 1) };
}
