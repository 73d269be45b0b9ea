import { sizeOf, type Message } from '../message.js';
import type { Level } from './level-node.js';
import { isHash, isPlus, isSystemTopic, levelEnd, wildcardReaches } from './levels.js';
import { LOOKS_PER_PAUSE, RetainedNode } from './retained-node.js';
import { walkInOrder } from './walk-in-order.js';

/** What a search comes to where there is no value. */
export const NOTHING: Iterable<never> = Object.freeze([]);

/** The value each topic keeps, answered from memory, by topic or by filter without a look at the others. */
export class RetainedIndex {
  private readonly root = new RetainedNode('');
  private topics = 0;
  private systemTopics = 0;
  private totalBytes = 0;
  private lastSequence = 0;

  /** How many topics have a value. */
  get size(): number {
    return this.topics;
  }

  /** Topic and payload bytes of all values. */
  get bytes(): number {
    return this.totalBytes;
  }

  /** How many of them `#` reaches [MQTT-4.7.2-1]. */
  get sizeOfAll(): number {
    return this.topics - this.systemTopics;
  }

  get(topic: string): Message | undefined {
    return this.find(topic)?.message ?? undefined;
  }

  /** Where the topic ends or goes on, while it or something below it has a value; null for the root of all. */
  find(topic: string | null): RetainedNode | null {
    let node: RetainedNode | null = this.root;
    for (let from = 0; topic !== null && node && from <= topic.length;) {
      const end = levelEnd(topic, from);
      node = node.child(topic, { from, end });
      from = end + 1;
    }
    return node;
  }

  /** Keeps the message as its topic's value. */
  set(message: Message): void {
    const node = reach(this.root, message.topic);
    if (node.message) this.totalBytes -= weigh(node.message);
    else {
      this.count(message.topic, 1);
      countBelow(this.root, message.topic);
    }
    node.message = message;
    node.sequence = ++this.lastSequence;
    this.totalBytes += weigh(message);
  }

  /** Forgets the topic's value; true when there was one. */
  delete(topic: string): boolean {
    const forgotten = forget(this.root, topic, 0);
    if (!forgotten) return false;
    this.count(topic, -1);
    this.totalBytes -= weigh(forgotten);
    return true;
  }

  /**
   * The values whose topics the filter matches, as they are now: read at leisure, it leaves out what was
   * set or deleted since it was asked. Null now and then, whether it finds anything or not: a place to pause.
   */
  search(filter: string): Iterable<Message | null> {
    if (this.topics === 0) return NOTHING;
    let node = this.root;
    let from = 0;
    while (from <= filter.length && !isPlus(filter, from) && !isHash(filter, from)) {
      const end = levelEnd(filter, from);
      const next = node.child(filter, { from, end });
      if (!next) return NOTHING;
      node = next;
      from = end + 1;
    }
    return walk(node, from > filter.length ? [] : filter.slice(from).split('/'), {
      asOf: this.lastSequence,
      isAll: from === 0,
    });
  }

  /**
   * The values whose topics the filter matches, by topic, level by level, from behind the topic `after`; as they are
   * when they are reached. Costs what is read of it, and a look at the names of all that are beside it in the tree.
   */
  inOrder(filter: string, after: string | null): Iterable<Message | null> {
    return walkInOrder(this.root, filter.split('/'), after);
  }

  private count(topic: string, change: number): void {
    this.topics += change;
    if (isSystemTopic(topic)) this.systemTopics += change;
  }
}

function weigh(message: Message): number {
  return sizeOf(message) + message.topic.length;
}

function reach(root: RetainedNode, topic: string): RetainedNode {
  let node = root;
  for (let from = 0; from <= topic.length;) {
    const level: Level = { from, end: levelEnd(topic, from) };
    let next = node.child(topic, level);
    if (!next) node.adopt((next = new RetainedNode(topic.slice(from, level.end))));
    node = next;
    from = level.end + 1;
  }
  return node;
}

/** The topic, which has nodes, is one more below each of them but its own. */
function countBelow(root: RetainedNode, topic: string): void {
  let node: RetainedNode | null = root;
  for (let from = 0; node && from <= topic.length;) {
    node.below++;
    const end = levelEnd(topic, from);
    node = node.child(topic, { from, end });
    from = end + 1;
  }
}

/** Forgets what the topic keeps below the node, with every node that this leaves empty. */
function forget(node: RetainedNode, topic: string, from: number): Message | null {
  if (from > topic.length) {
    const { message } = node;
    node.message = null;
    return message;
  }
  const end = levelEnd(topic, from);
  const child = node.child(topic, { from, end });
  const message = child && forget(child, topic, end + 1);
  if (message) node.below--;
  if (child?.isLeaf && !child.message) node.drop(child);
  return message;
}

interface Walk {
  /** The last change that counts. */
  readonly asOf: number;
  /** It begins with the first level of the topics. */
  readonly isAll: boolean;
}

/** Nodes at one depth of the filter that are still to be visited. */
interface Pending {
  readonly nodes: Iterator<RetainedNode>;
  /** Which level of the filter these nodes' own children must match; `#` takes them all. */
  readonly depth: number;
  /** The names of these nodes are first levels. */
  readonly areFirst: boolean;
}

/** Depth first with a stack of its own: one step per node, however deep, and no more held than the path. */
function* walk(start: RetainedNode, levels: readonly string[], { asOf, isAll }: Walk): Generator<Message | null> {
  const stack: Pending[] = [];
  let looks = 0;
  let node: RetainedNode | null = start;
  let depth = 0;
  for (;;) {
    while (node) {
      const level: string | undefined = levels[depth];
      const isOpen = level === '#';
      if ((level === undefined || isOpen) && node.message && node.sequence <= asOf) yield node.message;
      if (level === undefined) node = null;
      else if (isOpen || level === '+') {
        const nodes = node.children[Symbol.iterator]();
        stack.push({ nodes, depth: isOpen ? depth : depth + 1, areFirst: isAll && node === start });
        node = null;
      } else {
        node = node.child(level, { from: 0, end: level.length });
        depth++;
      }
    }
    const pending = stack.at(-1);
    if (!pending) return;
    if (++looks % LOOKS_PER_PAUSE === 0) yield null;
    const next = pending.nodes.next();
    if (next.done) stack.pop();
    // [MQTT-4.7.2-1] a leading wildcard never reaches $-topics
    else if (!pending.areFirst || wildcardReaches(next.value.level, 0)) {
      node = next.value;
      depth = pending.depth;
    }
  }
}
