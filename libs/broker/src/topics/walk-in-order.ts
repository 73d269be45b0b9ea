import type { Message } from '../message.js';
import { wildcardReaches } from './levels.js';
import { LOOKS_PER_PAUSE, type RetainedNode } from './retained-node.js';

/** The values that the filter matches, by topic, level by level, from behind a topic; null now and then: a place to pause. */
export function walkInOrder(
  root: RetainedNode,
  filter: readonly string[],
  after: string | null,
): Generator<Message | null> {
  return new Walk(root, filter).below({ node: root, depth: 0, after: after?.split('/') ?? null });
}

interface Place {
  readonly node: RetainedNode;
  /** Which level of the filter the node's children must match; `#` takes them all. */
  readonly depth: number;
  /** The levels below the node of the topic that the walk begins behind; null where all is behind it. */
  readonly after: readonly string[] | null;
}

class Walk {
  private looks = 0;

  constructor(
    private readonly root: RetainedNode,
    private readonly filter: readonly string[],
  ) {}

  *below({ node, depth, after }: Place): Generator<Message | null> {
    if (++this.looks % LOOKS_PER_PAUSE === 0) yield null;
    const level = this.filter[depth];
    if ((level === undefined || level === '#') && node.message && after === null) yield node.message;
    if (level === undefined) return;
    const [first, ...rest] = after ?? [];
    for (const name of namesOf(node, level, { from: first, isFirstLevel: node === this.root })) {
      // It may be gone since the names were taken.
      const child = node.child(name, { from: 0, end: name.length });
      if (!child) continue;
      yield* this.below({ node: child, depth: level === '#' ? depth : depth + 1, after: name === first ? rest : null });
    }
  }
}

interface Bounds {
  /** The first name that counts, where not all do. */
  readonly from: string | undefined;
  readonly isFirstLevel: boolean;
}

function namesOf(node: RetainedNode, level: string, { from, isFirstLevel }: Bounds): Iterable<string> {
  const counts = (name: string) => from === undefined || name >= from;
  if (level !== '+' && level !== '#') return counts(level) ? [level] : [];
  const names: string[] = [];
  for (const { level: name } of node.children) {
    // [MQTT-4.7.2-1] a leading wildcard never reaches $-topics
    if (counts(name) && (!isFirstLevel || wildcardReaches(name, 0))) names.push(name);
  }
  return sorted(names);
}

const SORTED_AT_ONCE = 256;

/** Sorts as far as it is read: quicksort, which leaves the upper half alone as long as nobody comes to it. */
function* sorted(names: string[]): Generator<string> {
  if (names.length <= SORTED_AT_ONCE) return yield* names.sort();
  // At random, so that nobody can choose names that make it slow.
  const pivot = names[Math.floor(Math.random() * names.length)] ?? '';
  yield* sorted(names.filter((name) => name < pivot));
  yield pivot;
  yield* sorted(names.filter((name) => name > pivot));
}
