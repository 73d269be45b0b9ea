import type { RefusedEvent } from './events.js';
import type { Refusal } from './refusal.js';

/** What happened since the broker started. Plain numbers, raised in place; read them as often as you like. */
export class Counters {
  linksOpened = 0;
  linksClosed = 0;
  connects = 0;
  disconnects = 0;
  packetsReceived = 0;
  packetsSent = 0;
  messagesReceived = 0;
  messagesSent = 0;
  bytesReceived = 0;
  bytesSent = 0;
  payloadBytesReceived = 0;
  payloadBytesSent = 0;
  subscribes = 0;
  unsubscribes = 0;
  /** Deliveries lost to a slow reader, an expired message, or a packet larger than the client takes. */
  dropped = 0;
  /** Those of them that were lost because the queue of a durable session was full. */
  queueOverflows = 0;
  /** Durable sessions that ended because nobody came back in time. */
  sessionsExpired = 0;
  /** Sessions that went on after a break, and messages that were not kept for them until then. */
  resumes = 0;
  missedAtResume = 0;
  /** Event streams that began and ended, messages that they brought, and those that their readers were too slow for. */
  streamsOpened = 0;
  streamsClosed = 0;
  eventsSent = 0;
  eventsDropped = 0;
  /** Questions that the authorizer did not answer in time, or failed at. */
  unanswered = 0;
  /** Answers of an authorizer that were forgotten at their bound. */
  answersForgotten = 0;
  /** Refusals by reason, over all protocols. */
  readonly refusals: Partial<Record<Refusal, number>> = {};
  /** Those of clients that are known, by what they wanted; and topics that an exclusion kept from a subscription. */
  readonly refusedActions: Record<RefusedEvent['action'], number> = {
    connect: 0,
    publish: 0,
    subscribe: 0,
    will: 0,
    delivery: 0,
  };
  /** Sum of `refusals`. */
  refused = 0;

  /** Counts one refusal. */
  refuse(refusal: Refusal): void {
    this.refusals[refusal] = (this.refusals[refusal] ?? 0) + 1;
    this.refused++;
  }
}
