import type { LintedRule } from './shadowing.js';

/** A filter of a rule, spelled out. */
export interface PlacedFilter {
  readonly rule: LintedRule;
  readonly filter: string;
}

/** One level of the filters that share what leads to it. */
class Node {
  readonly children = new Map<string, Node>();
  /** Filters that end here, and those that end here in `#`; in the order in which they were added. */
  readonly ending: PlacedFilter[] = [];
  readonly below: PlacedFilter[] = [];
}

/** Finds the few filters that may cover, or overlap, another: some too many, which the caller has to look at. */
export class FilterTree {
  private readonly root = new Node();

  add(placed: PlacedFilter): void {
    let node = this.root;
    const levels = placed.filter.split('/');
    const isOpen = levels.at(-1) === '#';
    for (const level of isOpen ? levels.slice(0, -1) : levels) {
      const next = node.children.get(level) ?? new Node();
      node.children.set(level, next);
      node = next;
    }
    (isOpen ? node.below : node.ending).push(placed);
  }

  /** The filters that may cover this one, in lists that are each in the order of adding. */
  covering(filter: string): readonly PlacedFilter[][] {
    const found: PlacedFilter[][] = [];
    let nodes = [this.root];
    for (const level of filter.split('/')) {
      for (const { below } of nodes) if (below.length > 0) found.push(below);
      if (level === '#') return found;
      nodes = nodes.flatMap(({ children }) => {
        const [same, any] = [children.get(level), level === '+' ? undefined : children.get('+')];
        return same === undefined ? (any ?? []) : any === undefined ? same : [same, any];
      });
    }
    for (const { below, ending } of nodes) {
      if (below.length > 0) found.push(below);
      if (ending.length > 0) found.push(ending);
    }
    return found;
  }

  /** The first that is found of those that may overlap the filter and are what is looked for. */
  findOverlapping(filter: string, isIt: (placed: PlacedFilter) => boolean): PlacedFilter | undefined {
    const levels = filter.split('/');
    const open = [{ node: this.root, depth: 0 }];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      const { node, depth } = place;
      const level = levels[depth];
      const isEnd = level === undefined || level === '#';
      const found = node.below.find(isIt) ?? (isEnd ? node.ending.find(isIt) : undefined);
      if (found !== undefined) return found;
      if (level === undefined) continue;
      const next = level === '#' ? depth : depth + 1;
      for (const child of childrenFor(node, level)) if (child !== undefined) open.push({ node: child, depth: next });
    }
    return undefined;
  }
}

function childrenFor({ children }: Node, level: string): Iterable<Node | undefined> {
  return level === '#' || level === '+' ? children.values() : [children.get(level), children.get('+')];
}
