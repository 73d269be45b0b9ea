import type { Message, MessageProperties, Qos } from '@perch/broker';
import { contentOf } from './message.schemas.js';
import type { Publication } from './publish.schemas.js';

/** What is published over REST. */
export interface NewMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly properties?: MessageProperties | null;
  /** In ms since the epoch; left out or null: never. */
  readonly expiresAt?: number | null;
}

/** The message that a request describes. */
export function messageFrom({ topic, qos, retain, ...input }: Publication): NewMessage {
  return { topic, qos, retain, ...contentOf(input) };
}

/** The same as the broker takes it. */
export function brokerMessage(message: NewMessage, publisher: string): Message {
  return { properties: null, expiresAt: null, ...message, publisher, receivedAt: Date.now() };
}
