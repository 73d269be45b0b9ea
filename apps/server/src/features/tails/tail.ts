import { type Message, TokenBucket } from '@perch/broker';
import { propertiesOf } from '../publish/message.schemas.js';
import { shownPayload } from '../publish/shown-payload.js';
import type { TailMessage } from './tail.schemas.js';

/** The bounds of one tail. */
export interface TailBounds {
  readonly perSecond: number;
  readonly payloadBytes: number;
}

/** What one operator is shown of the messages that a filter matches: as they are up to a rate, above it a sample. */
export class Tail {
  seen = 0;
  shown = 0;
  private bucket: TokenBucket;
  private waiting: TailMessage[] = [];
  private seenBefore = 0;

  constructor(
    readonly filter: string,
    private bounds: TailBounds,
  ) {
    this.bucket = bucketOf(bounds);
  }

  /** Shares the rate of its operator with other tails, or has it alone again. */
  set perSecond(perSecond: number) {
    this.bounds = { ...this.bounds, perSecond };
    this.bucket = bucketOf(this.bounds);
  }

  /** Within the publish of the message: counts it, and copies it if it is to be shown. */
  see(message: Message): void {
    this.seen++;
    if (this.waiting.length >= this.bounds.perSecond || !this.bucket.tryTake(1, performance.now())) return;
    this.waiting.push(copyOf(message, this.bounds.payloadBytes));
  }

  /** What is to be shown since the last time, and how many messages there were. */
  take(): { readonly seen: number; readonly messages: TailMessage[] } {
    const { waiting: messages } = this;
    const seen = this.seen - this.seenBefore;
    this.seenBefore = this.seen;
    this.shown += messages.length;
    this.waiting = [];
    return { seen, messages };
  }
}

function bucketOf({ perSecond }: TailBounds): TokenBucket {
  return new TokenBucket({ perSecond, burst: perSecond }, performance.now());
}

function copyOf(message: Message, payloadBytes: number): TailMessage {
  const { topic, payload, qos, retain, publisher, properties, receivedAt } = message;
  return {
    topic,
    at: new Date(receivedAt).toISOString(),
    qos,
    retain,
    publisher,
    size: payload.length,
    ...shownPayload(payload, payloadBytes),
    properties: properties && propertiesOf(properties),
  };
}
