import { type CompiledRule, hasEnded, isInForce, type JudgedClient } from './compiled-rule.js';
import { isDollar, isHashAt, isPlusAt, levelEnd } from './levels.js';
import { mayLead } from './placeholders.js';

/** A filter of a rule. */
export interface RuleFilter {
  readonly compiled: CompiledRule;
  /** Spelled out, placeholders and all. */
  readonly filter: string;
}

/** One level of the filters that share what leads to it. Placeholders are edges of their own, so clients share the tree. */
class Node {
  readonly literals = new Map<string, Node>();
  plus: Node | null = null;
  clientId: Node | null = null;
  username: Node | null = null;
  /** Filters that end here, in policy order. */
  readonly ending: RuleFilter[] = [];
  /** Filters that end here in `#`, in policy order. */
  readonly below: RuleFilter[] = [];

  /** `first` is the lowest position of any rule at or under this node. */
  constructor(readonly first: number) {}

  /** Nothing ends here, and to go on takes one of the names of the literals. */
  get leadsByNameOnly(): boolean {
    if (this.plus !== null || this.clientId !== null || this.username !== null) return false;
    return this.below.length === 0 && this.ending.length === 0;
  }
}

/** Rules by the levels of their filters: a look-up goes only where the levels asked for lead. */
export class RuleTree {
  private readonly root = new Node(0);

  /** `rules` are in policy order. */
  constructor(rules: readonly CompiledRule[]) {
    for (const compiled of rules) {
      for (const filter of compiled.filters) insert(this.root, { compiled, filter });
    }
  }

  /** The first rule in force for this client that has a filter covering `wanted`, or null. */
  first(wanted: string, client: JudgedClient): CompiledRule | null {
    if (!this.mayHold(wanted)) return null;
    const search = new FirstRule(wanted, client);
    walk(this.root, search);
    return search.best;
  }

  /** The filters that overlap `wanted`, of rules that have not ended, in no particular order. */
  overlapping(wanted: string, client: JudgedClient): readonly RuleFilter[] {
    if (!this.mayHold(wanted)) return NONE;
    const search = new Overlapping(wanted, client);
    walk(this.root, search);
    return search.found ?? NONE;
  }

  /** False when no filter here begins as this one does, which is so of most: no further look is needed. */
  private mayHold(wanted: string): boolean {
    const { root } = this;
    if (!root.leadsByNameOnly || isPlusAt(wanted, 0) || isHashAt(wanted, 0)) return true;
    return root.literals.has(wanted.slice(0, levelEnd(wanted, 0)));
  }
}

function insert(root: Node, placed: RuleFilter): void {
  let node = root;
  for (const level of placed.filter.split('/')) {
    if (level === '#') {
      node.below.push(placed);
      return;
    }
    node = child(node, level, placed.compiled.position);
  }
  node.ending.push(placed);
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

const NONE: readonly RuleFilter[] = [];

/** What is looked for: visits a node, and pushes those of its children that it wants to visit. */
interface Search {
  readonly wanted: string;
  visit(node: Node, start: number): void;
}

/**
 * Nodes to visit, and where in what is wanted their next level begins. Not on the stack of calls, as filters may be as
 * deep as 65,535 bytes allow; empty between look-ups, which never meet.
 */
const nodes: Node[] = [];
const starts: number[] = [];

function walk(root: Node, search: Search): void {
  push(root, 0);
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) search.visit(node, starts.pop() ?? 0);
}

function push(node: Node, start: number): void {
  nodes.push(node);
  starts.push(start);
}

class FirstRule implements Search {
  best: CompiledRule | null = null;

  constructor(
    readonly wanted: string,
    private readonly client: JudgedClient,
  ) {}

  visit(node: Node, start: number): void {
    const { wanted } = this;
    this.offer(node.below);
    if (start > wanted.length) return this.offer(node.ending);
    if (isHashAt(wanted, start)) return; // only a `#` covers a `#`
    const end = levelEnd(wanted, start);
    const level = wanted.slice(start, end);
    // [MQTT-4.7.2-1] A leading `#` needs no such care: spelled out it is `+/#`.
    if (node.plus !== null && (start > 0 || !isDollar(wanted))) this.go(node.plus, end + 1);
    const literal = node.literals.get(level);
    if (literal !== undefined) this.go(literal, end + 1);
    if (node.clientId === null && node.username === null) return;
    const { clientId, username } = this.client.values;
    if (start === 0 && !mayLead(level)) return;
    if (node.clientId !== null && level === clientId) this.go(node.clientId, end + 1);
    if (node.username !== null && level === username) this.go(node.username, end + 1);
  }

  private go(node: Node, start: number): void {
    if (this.best === null || node.first < this.best.position) push(node, start);
  }

  private offer(filters: readonly RuleFilter[]): void {
    for (const { compiled } of filters) {
      if (this.best !== null && compiled.position >= this.best.position) return;
      if (!isInForce(compiled, this.client)) continue;
      this.best = compiled;
      return;
    }
  }
}

class Overlapping implements Search {
  /** Null while there are none: of most filters there are not. */
  found: RuleFilter[] | null = null;

  constructor(
    readonly wanted: string,
    private readonly client: JudgedClient,
  ) {}

  visit(node: Node, start: number): void {
    const { wanted } = this;
    this.take(node.below);
    if (start > wanted.length) return this.take(node.ending);
    const isOpen = isHashAt(wanted, start);
    if (isOpen) this.take(node.ending);
    const end = levelEnd(wanted, start);
    const level = isOpen || isPlusAt(wanted, start) ? null : wanted.slice(start, end);
    this.goOn(node, level, { isFirst: start === 0, next: isOpen ? start : end + 1 });
  }

  /** To the children that a level leads to, or (null) all that a wildcard does. */
  private goOn(node: Node, level: string | null, { isFirst, next }: { isFirst: boolean; next: number }): void {
    // [MQTT-4.7.2-1] a leading wildcard never reaches $-topics
    if (node.plus !== null && (level === null || !isFirst || !isDollar(level))) push(node.plus, next);
    if (level === null) {
      for (const [name, literal] of node.literals) if (!isFirst || !isDollar(name)) push(literal, next);
    } else {
      const literal = node.literals.get(level);
      if (literal !== undefined) push(literal, next);
    }
    const { clientId, username } = this.client.values;
    const stands = (value: string | null) =>
      value !== null && (level === null || level === value) && (!isFirst || mayLead(value));
    if (node.clientId !== null && stands(clientId)) push(node.clientId, next);
    if (node.username !== null && stands(username)) push(node.username, next);
  }

  private take(filters: readonly RuleFilter[]): void {
    for (const placed of filters) if (!hasEnded(placed.compiled, this.client)) (this.found ??= []).push(placed);
  }
}
