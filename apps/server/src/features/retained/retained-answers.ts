import type { Message } from '@perch/broker';
import { propertiesOf } from '../publish/message.schemas.js';
import type { RetainedItem, RetainedMessage } from './retained.schemas.js';

/** A retained message without its payload, as the API says it. */
export function itemOf({ topic, payload, qos, publisher, receivedAt, expiresAt }: Message): RetainedItem {
  return {
    topic,
    size: payload.length,
    qos,
    publisher,
    storedAt: new Date(receivedAt).toISOString(),
    expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
  };
}

/** A retained message as the API says it, with so much of its payload. */
export function messageOf(message: Message, maxPayloadBytes = Infinity): RetainedMessage {
  const { payload, properties } = message;
  return {
    ...itemOf(message),
    payload: payload.subarray(0, maxPayloadBytes).toString('base64'),
    properties: properties && propertiesOf(properties),
  };
}
