import type { Limits } from './limits.js';
import { sizeOf, type Message } from './message.js';
import type { Clock, StopTimer } from './ports/clock.js';
import type { RetainedStore } from './ports/retained-store.js';
import { isWildcard } from './topics/levels.js';
import { NOTHING, RetainedIndex } from './topics/retained-index.js';

/** What a keeper needs. */
export interface RetainedKeeperOptions {
  readonly store: RetainedStore;
  readonly clock: Clock;
  readonly limits: Limits;
  /** Told of a change that the store could not keep and nobody waits for. */
  readonly report: (error: unknown) => void;
}

/** A topic in the tree of those that keep something; its value may have expired since the last sweep. */
export interface RetainedBranch {
  /** Its last level. */
  readonly level: string;
  readonly message: Message | null;
  /** How many topics below it keep something. */
  readonly below: number;
  readonly children: Iterable<RetainedBranch>;
}

const SWEEP_MS = 30_000;
/** A count may look at so much, which is some milliseconds. */
const COUNT_PAUSES = 8;

/** The retained messages: memory answers, the store remembers, expired ones go by themselves. */
export class RetainedKeeper {
  readonly index = new RetainedIndex();
  /** Topics whose value will expire. */
  private readonly expiring = new Set<string>();
  private stopSweep: StopTimer | null = null;

  constructor(private readonly options: RetainedKeeperOptions) {}

  /** Loads what the store has kept. */
  async load(): Promise<void> {
    const now = this.options.clock.now();
    await this.options.store.load((message) => {
      if (message.expiresAt === null || message.expiresAt > now) this.place(message);
    });
    this.stopSweep = this.options.clock.every(SWEEP_MS, () => this.sweep());
  }

  /** True when there is a place for the message within the bounds. */
  hasRoomFor(message: Message): boolean {
    const { retainedMessages, retainedBytes } = this.options.limits;
    if (message.payload.length === 0) return true;
    if (this.index.bytes + sizeOf(message) > retainedBytes) return false;
    return this.index.size < retainedMessages || this.index.get(message.topic) !== undefined;
  }

  /**
   * Keeps the message as its topic's value, or forgets the value when the payload is empty [MQTT-3.3.1-10].
   * Readers see it at once; the promise resolves when it would survive a crash, for whom it concerns.
   */
  keep(message: Message): Promise<void> {
    if (message.payload.length > 0) this.place(message);
    else if (!this.forget(message.topic)) return Promise.resolve();
    return this.options.store.keep(message);
  }

  /** The value of the topic, unless it has expired. */
  get(topic: string): Message | undefined {
    const message = this.index.get(topic);
    return message && !this.hasExpired(message, this.options.clock.now()) ? message : undefined;
  }

  /** The values that the filter matches and that have not expired. */
  *match(filter: string): Generator<Message> {
    for (const message of this.search(filter)) if (message) yield message;
  }

  /** The same, and null now and then where the caller may pause: the search may be long. */
  search(filter: string): Iterable<Message | null> {
    const found = this.index.search(filter);
    return found === NOTHING ? found : this.unexpired(found);
  }

  /** The same, by topic, level by level, from behind the topic `after`. */
  searchInOrder(filter: string, after: string | null): Iterable<Message | null> {
    return this.unexpired(this.index.inOrder(filter, after));
  }

  /** How many values the filter matches, those included that expired since the last sweep; null where that takes long. */
  count(filter: string): number | null {
    if (filter === '#') return this.index.sizeOfAll;
    if (filter.endsWith('/#') && !isWildcard(filter.slice(0, -2))) {
      const branch = this.branch(filter.slice(0, -2));
      return branch === null ? 0 : branch.below + (branch.message ? 1 : 0);
    }
    let [count, pauses] = [0, 0];
    for (const message of this.index.search(filter)) {
      if (message) count += 1;
      else if ((pauses += 1) === COUNT_PAUSES) return null;
    }
    return count;
  }

  /** Where the topic, or null for the root of all, ends or goes on; null where nothing is kept there or below. */
  branch(topic: string | null): RetainedBranch | null {
    return this.index.find(topic);
  }

  get size(): number {
    return this.index.size;
  }

  async close(): Promise<void> {
    this.stopSweep?.();
    await this.options.store.close();
  }

  private *unexpired(messages: Iterable<Message | null>): Generator<Message | null> {
    const { clock } = this.options;
    for (const message of messages) if (!message || !this.hasExpired(message, clock.now())) yield message;
  }

  private place(message: Message): void {
    this.index.set(message);
    if (message.expiresAt !== null) this.expiring.add(message.topic);
    else if (this.expiring.size > 0) this.expiring.delete(message.topic);
  }

  private forget(topic: string): boolean {
    this.expiring.delete(topic);
    return this.index.delete(topic);
  }

  private hasExpired(message: Message, now: number): boolean {
    return message.expiresAt !== null && message.expiresAt <= now;
  }

  private sweep(): void {
    const now = this.options.clock.now();
    for (const topic of this.expiring) {
      const message = this.index.get(topic);
      if (!message || !this.hasExpired(message, now)) continue;
      this.forget(topic);
      this.options.store.keep({ ...message, payload: Buffer.alloc(0) }).catch(this.options.report);
    }
  }
}
