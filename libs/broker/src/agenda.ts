import type { Clock, StopTimer } from './ports/clock.js';

interface Entry {
  /** In ms since the epoch. */
  readonly at: number;
  /** Null when it is over, or is not to be. */
  run: (() => void) | null;
}

/** Somebody may set the clock: it is looked at this often while anything is to come. */
const LOOK_MS = 60_000;

/** Runs things at moments of the wall clock, with one timer for all of them. */
export class Agenda {
  /** A binary heap: none is before the one at half its place. */
  private heap: Entry[] = [];
  private stopped = 0;
  private armedFor = Number.POSITIVE_INFINITY;
  private stopTimer: StopTimer = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly report: (error: unknown, what: string) => void,
  ) {}

  /** What is still to come. */
  get size(): number {
    return this.heap.length - this.stopped;
  }

  /** Runs it at that moment, in ms since the epoch; soon, where that has passed. */
  at(at: number, run: () => void): StopTimer {
    const entry: Entry = { at, run };
    push(this.heap, entry);
    this.arm();
    return () => {
      if (entry.run === null) return;
      entry.run = null;
      this.stopped++;
      if (this.stopped * 2 > this.heap.length) this.tidy();
    };
  }

  /** Nothing of it is run any more. */
  stop(): void {
    this.stopTimer();
    this.heap = [];
    this.stopped = 0;
  }

  private arm(): void {
    const next = this.heap[0]?.at ?? Number.POSITIVE_INFINITY;
    if (next === this.armedFor) return;
    this.stopTimer();
    this.armedFor = next;
    if (next === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.min(Math.max(next - this.clock.now(), 0), LOOK_MS);
    this.stopTimer = this.clock.after(delayMs, () => this.ring());
  }

  private ring(): void {
    const now = this.clock.now();
    for (let first = this.heap[0]; first && first.at <= now; first = this.heap[0]) {
      pop(this.heap);
      this.conclude(first);
    }
    this.armedFor = Number.POSITIVE_INFINITY;
    this.arm();
  }

  private conclude(entry: Entry): void {
    const { run } = entry;
    if (run === null) {
      this.stopped--;
      return;
    }
    entry.run = null;
    try {
      run();
    } catch (error) {
      this.report(error, 'agenda');
    }
  }

  /** A list in order is a heap. */
  private tidy(): void {
    this.heap = this.heap.filter(({ run }) => run !== null).sort((a, b) => a.at - b.at);
    this.stopped = 0;
    this.arm();
  }
}

function push(heap: Entry[], entry: Entry): void {
  let place = heap.length;
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = heap[above] as Entry;
    if (parent.at <= entry.at) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = entry;
}

/** Removes the first one, of a heap that is not empty. */
function pop(heap: Entry[]): void {
  const last = heap.pop() as Entry;
  if (heap.length === 0) return;
  let place = 0;
  for (let below = 1; below < heap.length; below = 2 * place + 1) {
    const right = heap[below + 1];
    if (right && right.at < (heap[below] as Entry).at) below++;
    const child = heap[below] as Entry;
    if (child.at >= last.at) break;
    heap[place] = child;
    place = below;
  }
  heap[place] = last;
}
