import type { Message, Qos } from './message.js';
import type { Subscription } from './subscription.js';

/** A QoS 1 or 2 message on its way to one client. */
export interface Delivery {
  readonly message: Message;
  readonly qos: Qos;
  readonly retain: boolean;
  /** What brought it. */
  readonly subscription: Subscription;
}

/** Waiting QoS 1 and 2 deliveries, first in first out, bounded in count and bytes. */
export class DeliveryQueue {
  private items: Delivery[] = [];
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
  push(delivery: Delivery): boolean {
    const bytes = delivery.message.payload.length;
    if (this.size >= this.limitCount || this.totalBytes + bytes > this.limitBytes) return false;
    this.items.push(delivery);
    this.totalBytes += bytes;
    return true;
  }

  /** What waits, in order. */
  waiting(): readonly Delivery[] {
    return this.items.slice(this.head);
  }

  shift(): Delivery | undefined {
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
