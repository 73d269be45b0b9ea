import type { Message, MessageProperties } from '@perch/broker';
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

/** A retained message as the API says it. */
export function messageOf(message: Message): RetainedMessage {
  const { payload, properties } = message;
  return {
    ...itemOf(message),
    payload: payload.toString('base64'),
    properties: properties && propertiesOf(properties),
  };
}

/** The properties of a message as the API says them. */
export function propertiesOf(properties: MessageProperties): NonNullable<RetainedMessage['properties']> {
  const { correlationData, userProperties, ...others } = properties;
  return {
    ...others,
    ...(correlationData && { correlationData: correlationData.toString('base64') }),
    ...(userProperties && { userProperties: userProperties.map(([name, value]) => ({ name, value })) }),
  };
}
