import type { Delivery } from './deliveries.js';
import { Fifo } from './fifo.js';
import { sizeOf, type Message } from './message.js';

/** Waiting QoS 1 and 2 deliveries, first in first out, bounded in count and bytes. */
export class DeliveryQueue {
  private readonly items = new Fifo<Delivery>();
  private totalBytes = 0;

  constructor(
    private readonly limitCount: number,
    private readonly limitBytes: number,
  ) {}

  get size(): number {
    return this.items.size;
  }

  get bytes(): number {
    return this.totalBytes;
  }

  /** More than half of a bound is taken. */
  get isHigh(): boolean {
    return this.size * 2 > this.limitCount || this.totalBytes * 2 > this.limitBytes;
  }

  /** Less than a quarter of each bound is taken. */
  get isLow(): boolean {
    return this.size * 4 < this.limitCount && this.totalBytes * 4 < this.limitBytes;
  }

  /** True when there is a place for the message. */
  canTake(message: Message): boolean {
    return this.size < this.limitCount && this.totalBytes + sizeOf(message) <= this.limitBytes;
  }

  /** Adds it at the end; false when a bound is reached. */
  push(delivery: Delivery): boolean {
    if (!this.canTake(delivery.message)) return false;
    this.items.push(delivery);
    this.totalBytes += sizeOf(delivery.message);
    return true;
  }

  /** What waits, in order. */
  waiting(): readonly Delivery[] {
    return this.items.waiting();
  }

  shift(): Delivery | undefined {
    const delivery = this.items.shift();
    if (delivery) this.totalBytes -= sizeOf(delivery.message);
    return delivery;
  }

  /** Removes what may no longer be seen; returns how many that were. */
  removeUnless(maySee: (message: Message) => boolean): number {
    const removed = this.items.removeUnless((delivery) => maySee(delivery.message));
    for (const { message } of removed) this.totalBytes -= sizeOf(message);
    return removed.length;
  }
}
