import { filterMatches } from '@perch/policy';
import { SharedFrames } from './frame.js';
import type { Message } from './message.js';
import { TOLD_EXCLUSIONS } from './refusals.js';
import type { Session, SessionContext } from './session.js';
import { excludes, type Subscription } from './subscription.js';

interface Source {
  readonly subscription: Subscription;
  readonly messages: Iterator<Message | null>;
  /** How many an exclusion has kept back. */
  excluded: number;
}

/** Messages sent in one turn of the event loop, so that a large replay never holds up the others. */
const BATCH = 256;
/** Replays of subscriptions that have ended are kept up to this many, and up to one for each that has not. */
const SPARE = 16;

/**
 * Sends retained messages to new subscriptions at the pace at which the client takes them: a subscription to
 * millions of them fills no queue and drops none.
 */
export class Replay {
  private sources: Source[] = [];
  private isScheduled = false;

  constructor(
    private readonly session: Session,
    private readonly context: Pick<SessionContext, 'clock' | 'refusals' | 'report'>,
  ) {}

  /** Replays that have not come to their end. */
  get waiting(): number {
    return this.sources.length;
  }

  /** Sends the messages after those that are being sent already. A null among them ends the turn. */
  add(subscription: Subscription, messages: Iterable<Message | null>): void {
    if (this.sources.length > 2 * this.session.subscriptions.size + SPARE) {
      this.sources = this.sources.filter((source) => this.isCurrent(source));
    }
    this.sources.push({ subscription, messages: messages[Symbol.iterator](), excluded: 0 });
    this.go();
  }

  /** Goes on, as far as there is room. Call it when there is more. */
  go(): void {
    if (this.isScheduled) return;
    for (let done = 0; this.session.hasRoom && this.sources.length > 0;) {
      done += this.step(this.sources[0] as Source);
      if (done >= BATCH) return this.goOnSoon();
    }
  }

  /** The client has gone: what it must not miss is queued for it. */
  finish(): void {
    for (const source of this.sources.splice(0)) {
      const { subscription, messages } = source;
      if (subscription.qos === 0 || this.session.subscriptions.get(subscription.filter) !== subscription) continue;
      for (let next = messages.next(); !next.done; next = messages.next()) {
        if (next.value && !this.offer(source, next.value)) return;
      }
    }
  }

  private goOnSoon(): void {
    this.isScheduled = true;
    this.context.clock.soon(() => {
      this.isScheduled = false;
      this.go();
    });
  }

  /** Sends one message, or ends a replay; returns how much of a turn's work that was. */
  private step(source: Source): number {
    const next = this.isCurrent(source) ? source.messages.next() : null;
    if (!next || next.done) {
      this.sources.shift();
      return 1;
    }
    const message = next.value;
    if (!message) return BATCH;
    this.offer(source, message);
    return 1;
  }

  /** False when there is no place for more. */
  private offer(source: Source, message: Message): boolean {
    const { subscription } = source;
    if (excludes(subscription, message.topic)) {
      this.exclude(source, message.topic);
      return true;
    }
    if (message.qos > 0 && !this.session.canTake(message)) return this.session.drop();
    this.session.deliver(new SharedFrames(message, this.context.clock.now(), this.context.report), subscription, true);
    return true;
  }

  /** A refusal, unless the client gets the topic through another subscription. */
  private exclude(source: Source, topic: string): void {
    for (const other of this.session.subscriptions.values()) {
      if (filterMatches(other.topicFilter, topic) && !excludes(other, topic)) return;
    }
    this.context.refusals.ofDelivery([source.subscription], topic, source.excluded++ < TOLD_EXCLUSIONS ? 1 : 0);
  }

  private isCurrent({ subscription }: Source): boolean {
    return this.session.subscriptions.get(subscription.filter) === subscription;
  }
}
