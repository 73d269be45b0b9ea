import { filterMatches } from '@perch/policy';
import { SharedFrames } from './frame.js';
import type { Message } from './message.js';
import type { Clock } from './ports/clock.js';
import type { Session } from './session.js';
import type { Subscription } from './subscription.js';

interface Source {
  readonly subscription: Subscription;
  readonly messages: Iterator<Message>;
}

/** Messages sent in one turn of the event loop, so that a large replay never holds up the others. */
const BATCH = 256;

/**
 * Sends retained messages to new subscriptions at the pace at which the client takes them: a subscription to
 * millions of them fills no queue and drops none.
 */
export class Replay {
  private readonly sources: Source[] = [];
  private isScheduled = false;

  constructor(
    private readonly session: Session,
    private readonly clock: Clock,
  ) {}

  /** Sends the messages after those that are being sent already. */
  add(subscription: Subscription, messages: Iterable<Message>): void {
    this.sources.push({ subscription, messages: messages[Symbol.iterator]() });
    this.go();
  }

  /** Goes on, as far as there is room. Call it when there is more. */
  go(): void {
    if (this.isScheduled) return;
    for (let sent = 0; this.session.hasRoom && this.sources.length > 0;) {
      if (this.sendNext(this.sources[0] as Source)) sent++;
      if (sent === BATCH) return this.goOnSoon();
    }
  }

  private goOnSoon(): void {
    this.isScheduled = true;
    this.clock.soon(() => {
      this.isScheduled = false;
      this.go();
    });
  }

  private sendNext({ subscription, messages }: Source): boolean {
    const isCurrent = this.session.subscriptions.get(subscription.filter) === subscription;
    const next = isCurrent ? messages.next() : null;
    if (!next || next.done) {
      this.sources.shift();
      return false;
    }
    const message = next.value;
    if (subscription.exclusions?.some((excluded) => filterMatches(excluded, message.topic))) return true;
    this.session.deliver(new SharedFrames(message, this.clock.now()), subscription, true);
    return true;
  }
}
