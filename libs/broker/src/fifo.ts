const COMPACT_AT = 1024;

/** First in, first out, without moving what waits at every step. */
export class Fifo<T> {
  private items: T[] = [];
  private head = 0;

  get size(): number {
    return this.items.length - this.head;
  }

  push(item: T): void {
    this.items.push(item);
  }

  /** The next one, which stays. */
  peek(): T | undefined {
    return this.items[this.head];
  }

  /** Takes the next one out. */
  shift(): T | undefined {
    const item = this.items[this.head];
    if (item === undefined) return undefined;
    this.head++;
    if (this.head === this.items.length || this.head > COMPACT_AT) this.compact();
    return item;
  }

  /** What waits, in order. */
  waiting(): readonly T[] {
    return this.items.slice(this.head);
  }

  /** Removes what is not to stay; returns that. */
  removeUnless(mayStay: (item: T) => boolean): T[] {
    const kept: T[] = [];
    const removed: T[] = [];
    for (const item of this.waiting()) (mayStay(item) ? kept : removed).push(item);
    this.items = kept;
    this.head = 0;
    return removed;
  }

  clear(): void {
    this.items = [];
    this.head = 0;
  }

  private compact(): void {
    this.items = this.items.slice(this.head);
    this.head = 0;
  }
}
