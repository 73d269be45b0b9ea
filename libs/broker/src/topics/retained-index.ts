import type { Message } from '../message.js';
import { isWildcard } from './topic-tree.js';

class Node {
  message: Message | null = null;
  children: Map<string, Node> | null = null;
}

/** The value each topic keeps, answered from memory, by topic or by filter without a look at the others. */
export class RetainedIndex {
  private readonly byTopic = new Map<string, Node>();
  private readonly root = new Node();
  private totalBytes = 0;

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

  /** The values whose topics the filter matches. Do not change the index while reading. */
  *match(filter: string): Generator<Message> {
    if (isWildcard(filter)) {
      yield* walk(filter.split('/'), this.root, 0);
      return;
    }
    const message = this.get(filter);
    if (message) yield message;
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

function weigh(message: Message): number {
  return message.payload.length + message.topic.length;
}

function* walk(levels: readonly string[], node: Node, depth: number): Generator<Message> {
  const level = levels[depth];
  if (level === undefined) {
    if (node.message) yield node.message;
    return;
  }
  if (level === '#') {
    yield* below(node, depth === 0);
    return;
  }
  if (!node.children) return;
  if (level !== '+') {
    const child = node.children.get(level);
    if (child) yield* walk(levels, child, depth + 1);
    return;
  }
  for (const [name, child] of node.children) {
    // [MQTT-4.7.2-1] a leading wildcard never reaches $-topics
    if (depth > 0 || !name.startsWith('$')) yield* walk(levels, child, depth + 1);
  }
}

function* below(node: Node, isRoot: boolean): Generator<Message> {
  if (node.message) yield node.message;
  if (!node.children) return;
  for (const [name, child] of node.children) {
    if (!isRoot || !name.startsWith('$')) yield* below(child, false);
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
