import { type CompiledRule, clientFilters, isInForce, type JudgedClient } from './compiled-rule.js';
import { isDollar, type Levels, levelsCover } from './levels.js';
import { mayLead } from './placeholders.js';

/** Up to here, asking each filter is as fast as a tree, and costs no memory: most clients have few rules of their own. */
const SCAN_LIMIT = 8;

/** Finds the first of many rules that covers a topic or a filter, without asking each of them. */
export class FilterIndex {
  private readonly isSmall: boolean;
  private root: Node | null = null;

  /** `rules` are in policy order. */
  constructor(private readonly rules: readonly CompiledRule[]) {
    this.isSmall = rules.reduce((sum, { filters }) => sum + filters.length, 0) <= SCAN_LIMIT;
  }

  /** The first rule in force for this client that has a filter covering `wanted`, or null. */
  first(wanted: Levels, client: JudgedClient): CompiledRule | null {
    if (this.isSmall) return this.scan(wanted, client);
    this.root ??= buildTree(this.rules);
    return new Walk(wanted, client).from(this.root);
  }

  private scan(wanted: Levels, client: JudgedClient): CompiledRule | null {
    for (const compiled of this.rules) {
      if (compiled.expiresAt <= client.nowMs) continue;
      for (const filter of clientFilters(compiled, client.values)) {
        if (levelsCover(filter, wanted)) return compiled;
      }
    }
    return null;
  }
}

/** One level of the filters that share what leads to it. Placeholders are edges of their own, so clients share the tree. */
class Node {
  readonly literals = new Map<string, Node>();
  plus: Node | null = null;
  clientId: Node | null = null;
  username: Node | null = null;
  /** Rules with a filter that ends here, in policy order. */
  readonly ending: CompiledRule[] = [];
  /** Rules with a filter that ends here in `#`, in policy order. */
  readonly below: CompiledRule[] = [];

  /** `first` is the lowest position of any rule at or under this node. */
  constructor(readonly first: number) {}
}

function buildTree(rules: readonly CompiledRule[]): Node {
  const root = new Node(0);
  for (const compiled of rules) {
    for (const filter of compiled.filters) insert(root, filter, compiled);
  }
  return root;
}

function insert(root: Node, filter: Levels, compiled: CompiledRule): void {
  let node = root;
  for (const level of filter) {
    if (level === '#') {
      node.below.push(compiled);
      return;
    }
    node = child(node, level, compiled.position);
  }
  node.ending.push(compiled);
}

function child(node: Node, level: string, position: number): Node {
  switch (level) {
    case '+':
      return (node.plus ??= new Node(position));
    case '%c':
      return (node.clientId ??= new Node(position));
    case '%u':
      return (node.username ??= new Node(position));
  }
  const known = node.literals.get(level);
  if (known !== undefined) return known;
  const made = new Node(position);
  node.literals.set(level, made);
  return made;
}

/** One look-up: visits every node whose filters cover what is wanted, and keeps the first rule. */
class Walk {
  private best: CompiledRule | null = null;
  /** Kept here, not on the stack: filters may be as deep as 65,535 bytes allow. */
  private readonly nodes: Node[] = [];
  private readonly depths: number[] = [];

  constructor(
    private readonly wanted: Levels,
    private readonly client: JudgedClient,
  ) {}

  from(root: Node): CompiledRule | null {
    this.push(root, 0);
    for (let node = this.nodes.pop(); node !== undefined; node = this.nodes.pop()) {
      this.visit(node, this.depths.pop() ?? 0);
    }
    return this.best;
  }

  private visit(node: Node, depth: number): void {
    this.offer(node.below);
    const level = this.wanted[depth];
    if (level === undefined) return this.offer(node.ending);
    if (level === '#') return; // only a `#` covers a `#`
    // [MQTT-4.7.2-1] A leading `#` needs no such care: filter levels spell it `+/#`.
    if (depth > 0 || !isDollar(this.wanted)) this.push(node.plus, depth + 1);
    this.push(node.literals.get(level), depth + 1);
    const { clientId, username } = this.client.values;
    if (level === clientId && (depth > 0 || mayLead(clientId))) this.push(node.clientId, depth + 1);
    if (level === username && (depth > 0 || mayLead(username))) this.push(node.username, depth + 1);
  }

  private push(node: Node | null | undefined, depth: number): void {
    if (node === null || node === undefined) return;
    if (this.best !== null && node.first >= this.best.position) return;
    this.nodes.push(node);
    this.depths.push(depth);
  }

  private offer(rules: readonly CompiledRule[]): void {
    for (const compiled of rules) {
      if (this.best !== null && compiled.position >= this.best.position) return;
      if (!isInForce(compiled, this.client)) continue;
      this.best = compiled;
      return;
    }
  }
}
