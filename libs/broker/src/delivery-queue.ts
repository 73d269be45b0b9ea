import type { Message, Qos } from './message.js';

/** A delivery that waits for a place in the in-flight window. */
export interface QueuedDelivery {
  readonly message: Message;
  readonly qos: Qos;
  readonly retain: boolean;
}

/** Waiting QoS 1 and 2 deliveries, first in first out, bounded in count and bytes. */
export class DeliveryQueue {
  private items: QueuedDelivery[] = [];
  private head = 0;
  private totalBytes = 0;

  constructor(
    private readonly limitCount: number,
    private readonly limitBytes: number,
  ) {}

  get size(): number {
    return this.items.length - this.head;
  }

  /** Adds it at the end; false when a bound is reached. */
  push(delivery: QueuedDelivery): boolean {
    const bytes = delivery.message.payload.length;
    if (this.size >= this.limitCount || this.totalBytes + bytes > this.limitBytes) return false;
    this.items.push(delivery);
    this.totalBytes += bytes;
    return true;
  }

  shift(): QueuedDelivery | undefined {
    const delivery = this.items[this.head];
    if (!delivery) return undefined;
    this.totalBytes -= delivery.message.payload.length;
    this.head++;
    if (this.head === this.items.length || this.head > 1024) this.compact();
    return delivery;
  }

  /** Removes what may no longer be seen; returns how many that were. */
  removeUnless(maySee: (message: Message) => boolean): number {
    const before = this.size;
    this.compact();
    this.items = this.items.filter((delivery) => maySee(delivery.message));
    this.totalBytes = this.items.reduce((bytes, delivery) => bytes + delivery.message.payload.length, 0);
    return before - this.size;
  }

  private compact(): void {
    this.items = this.items.slice(this.head);
    this.head = 0;
  }
}
