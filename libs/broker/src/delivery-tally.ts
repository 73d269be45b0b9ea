import { sizeOf, type Message } from './message.js';
import type { SessionContext } from './session.js';

/** How much one durable session is owed, counted for itself and in the sum of all. */
export class DeliveryTally {
  count = 0;
  /** Of payloads and properties. */
  bytes = 0;

  constructor(private readonly context: SessionContext) {}

  /** Counts deliveries in. */
  add(count: number, bytes: number): void {
    this.count += count;
    this.bytes += bytes;
    this.context.log.count(count, bytes);
  }

  /** Counts deliveries out. */
  remove(count: number, bytes: number): void {
    this.add(-count, -bytes);
  }

  /** True when there is a place for the message within the bounds. */
  canTake(message: Message): boolean {
    const { log, limits } = this.context;
    const bytes = sizeOf(message);
    if (this.count >= limits.queuePerSession || !log.hasRoomFor(bytes)) return false;
    return this.bytes + bytes <= limits.storedBytesPerSession;
  }
}
