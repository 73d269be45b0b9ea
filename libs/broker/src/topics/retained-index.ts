import { sizeOf, type Message } from '../message.js';
import { isWildcard } from './levels.js';

class Node {
  message: Message | null = null;
  /** When the value was set: a position in the order of all changes. */
  sequence = 0;
  children: Map<string, Node> | null = null;
}

/** The value each topic keeps, answered from memory, by topic or by filter without a look at the others. */
export class RetainedIndex {
  private readonly byTopic = new Map<string, Node>();
  private readonly root = new Node();
  private totalBytes = 0;
  private lastSequence = 0;

  /** How many topics have a value. */
  get size(): number {
    return this.byTopic.size;
  }

  /** Topic and payload bytes of all values. */
  get bytes(): number {
    return this.totalBytes;
  }

  get(topic: string): Message | undefined {
    return this.byTopic.get(topic)?.message ?? undefined;
  }

  /** Keeps the message as its topic's value. */
  set(message: Message): void {
    let node = this.byTopic.get(message.topic);
    if (!node) {
      node = this.reach(message.topic);
      this.byTopic.set(message.topic, node);
    }
    if (node.message) this.totalBytes -= weigh(node.message);
    node.message = message;
    node.sequence = ++this.lastSequence;
    this.totalBytes += weigh(message);
  }

  /** Forgets the topic's value; true when there was one. */
  delete(topic: string): boolean {
    const node = this.byTopic.get(topic);
    if (!node?.message) return false;
    this.totalBytes -= weigh(node.message);
    node.message = null;
    this.byTopic.delete(topic);
    prune(this.root, topic, 0);
    return true;
  }

  /**
   * The values whose topics the filter matches, as they are now: read at leisure, it leaves out what was
   * set or deleted since it was asked. Null now and then, whether it finds anything or not: a place to pause.
   */
  search(filter: string): Iterable<Message | null> {
    const asOf = this.lastSequence;
    return isWildcard(filter) ? walk(this.root, filter.split('/'), asOf) : this.searchTopic(filter, asOf);
  }

  private *searchTopic(topic: string, asOf: number): Generator<Message> {
    const node = this.byTopic.get(topic);
    if (node?.message && node.sequence <= asOf) yield node.message;
  }

  private reach(topic: string): Node {
    let node = this.root;
    for (const level of topic.split('/')) {
      node.children ??= new Map();
      let next = node.children.get(level);
      if (!next) node.children.set(level, (next = new Node()));
      node = next;
    }
    return node;
  }
}

/** Nodes looked at in about a millisecond. */
const LOOKS_PER_PAUSE = 4096;

function weigh(message: Message): number {
  return sizeOf(message) + message.topic.length;
}

/** Nodes at one depth of the filter that are still to be visited. */
interface Pending {
  readonly nodes: Iterator<[string, Node]>;
  /** Which level of the filter these nodes' own children must match; `#` takes them all. */
  readonly depth: number;
  /** The names of these nodes are first levels. */
  readonly areFirst: boolean;
}

/** Depth first with a stack of its own: one step per node, however deep, and no more held than the path. */
function* walk(root: Node, levels: readonly string[], asOf: number): Generator<Message | null> {
  const stack: Pending[] = [];
  let looks = 0;
  let node: Node | null = root;
  let depth = 0;
  for (;;) {
    while (node) {
      const level: string | undefined = levels[depth];
      const isOpen = level === '#';
      if ((level === undefined || isOpen) && node.message && node.sequence <= asOf) yield node.message;
      if (!node.children || level === undefined) node = null;
      else if (isOpen || level === '+') {
        stack.push({ nodes: node.children.entries(), depth: isOpen ? depth : depth + 1, areFirst: node === root });
        node = null;
      } else {
        node = node.children.get(level) ?? null;
        depth++;
      }
    }
    const pending = stack.at(-1);
    if (!pending) return;
    if (++looks % LOOKS_PER_PAUSE === 0) yield null;
    const next = pending.nodes.next();
    if (next.done) stack.pop();
    // [MQTT-4.7.2-1] a leading wildcard never reaches $-topics
    else if (!(pending.areFirst && next.value[0].startsWith('$'))) {
      node = next.value[1];
      depth = pending.depth;
    }
  }
}

/** Removes the nodes on the topic's path that hold nothing any more. */
function prune(node: Node, topic: string, from: number): void {
  if (from > topic.length || !node.children) return;
  const slash = topic.indexOf('/', from);
  const end = slash < 0 ? topic.length : slash;
  const level = topic.slice(from, end);
  const child = node.children.get(level);
  if (!child) return;
  prune(child, topic, end + 1);
  if (child.message || child.children) return;
  node.children.delete(level);
  if (node.children.size === 0) node.children = null;
}
