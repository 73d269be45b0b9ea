import { filterMatches } from '@perch/policy';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Message } from '../message.js';
import { PATIENCE_MS, runs } from '../testing/property-runs.js';
import { anyPlainFilter, anyTopic } from '../testing/topic-arbitraries.js';
import { RetainedIndex } from './retained-index.js';

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('set' as const), topic: anyTopic, payload: fc.string() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), topic: anyTopic }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('search' as const), filter: anyPlainFilter }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('begin' as const), filter: anyPlainFilter }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('step' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function aMessage(topic: string, payload: string): Message {
  return { topic, payload: Buffer.from(payload) } as Message;
}

function compareLevels([a, ...restOfA]: readonly string[], [b, ...restOfB]: readonly string[]): number {
  if (a === undefined || b === undefined) return (a === undefined ? 0 : 1) - (b === undefined ? 0 : 1);
  if (a !== b) return a < b ? -1 : 1;
  return compareLevels(restOfA, restOfB);
}

/** A search that is read at leisure while the index changes under it. */
interface Reading {
  readonly filter: string;
  readonly found: Iterator<Message | null>;
  readonly asOf: ReadonlyMap<string, Message>;
  readonly came: Message[];
}

class Rig {
  private readonly index = new RetainedIndex();
  private readonly kept = new Map<string, Message>();
  private reading: Reading | null = null;

  apply(step: Step): void {
    switch (step.kind) {
      case 'set': {
        const message = aMessage(step.topic, step.payload);
        this.kept.set(step.topic, message);
        this.index.set(message);
        break;
      }
      case 'delete':
        expect(this.index.delete(step.topic)).toBe(this.kept.delete(step.topic));
        break;
      case 'search':
        this.check(step.filter);
        break;
      case 'begin':
        this.finish();
        this.reading = {
          filter: step.filter,
          found: this.index.search(step.filter)[Symbol.iterator](),
          asOf: new Map(this.kept),
          came: [],
        };
        break;
      case 'step':
        this.read();
    }
  }

  check(filter: string): void {
    const found = [...this.index.search(filter)].filter((message) => message !== null);
    const expected = [...this.kept.values()].filter(({ topic }) => filterMatches(filter, topic));
    expect(new Set(found)).toEqual(new Set(expected));
    expect(found).toHaveLength(expected.length);
    expect(this.index.size).toBe(this.kept.size);
    expect(this.index.sizeOfAll).toBe([...this.kept.keys()].filter((topic) => filterMatches('#', topic)).length);
    this.checkOrder(filter, expected);
    const bytes = [...this.kept.values()].reduce((sum, { topic, payload }) => sum + topic.length + payload.length, 0);
    expect(this.index.bytes).toBe(bytes);
    for (const [topic, message] of this.kept) expect(this.index.get(topic)).toBe(message);
  }

  private checkOrder(filter: string, expected: readonly Message[]): void {
    const sorted = expected.toSorted((a, b) => compareLevels(a.topic.split('/'), b.topic.split('/')));
    expect([...this.index.inOrder(filter, null)]).toEqual(sorted);
    for (const topic of this.kept.keys()) {
      const behind = sorted.filter((other) => compareLevels(other.topic.split('/'), topic.split('/')) > 0);
      expect([...this.index.inOrder(filter, topic)]).toEqual(behind);
    }
  }

  /** Reads the rest of the search: everything that was there all the time has come, nothing else, nothing twice. */
  finish(): void {
    while (this.read());
    if (!this.reading) return;
    const { filter, asOf, came } = this.reading;
    const stayed = [...asOf.values()].filter((m) => filterMatches(filter, m.topic) && this.kept.get(m.topic) === m);
    expect(new Set(came).size).toBe(came.length);
    for (const message of came) {
      expect(asOf.get(message.topic)).toBe(message);
      expect(filterMatches(filter, message.topic)).toBe(true);
    }
    for (const message of stayed) expect(came).toContain(message);
    this.reading = null;
  }

  private read(): boolean {
    const next = this.reading?.found.next();
    if (!next || next.done) return false;
    if (next.value) this.reading?.came.push(next.value);
    return true;
  }
}

test(
  'the retained index answers what the filter algebra says, whatever was set and deleted before',
  { timeout: PATIENCE_MS },
  () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), anyPlainFilter, (steps, filter) => {
        const rig = new Rig();
        for (const each of steps) rig.apply(each);
        rig.check(filter);
        rig.finish();
      }),
      runs(400),
    );
  },
);
