import { createHash } from 'node:crypto';
import type { Message, MessageProperties, Qos } from '@perch/broker';

/** A row of `retained_messages`, as the queries of the store name its columns. */
export interface RetainedRow {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: number;
  readonly properties: StoredProperties | null;
  readonly publisher: string;
  readonly stored_ms: number;
  readonly expires_ms: number | null;
}

/** Properties as JSON keeps them: bytes become base64. Earlier rows have user properties as an object, without an order. */
export type StoredProperties = Omit<MessageProperties, 'correlationData' | 'userProperties'> & {
  readonly correlationData?: string;
  readonly userProperties?: MessageProperties['userProperties'] | Readonly<Record<string, string | string[]>>;
};

/** The key of a topic's row. */
export function hashTopic(topic: string): Buffer {
  return createHash('sha256').update(topic).digest();
}

/** The parameters of the insert: one array per column. */
export function toColumns(messages: readonly Message[]): unknown[][] {
  return [
    messages.map(({ topic }) => hashTopic(topic)),
    messages.map(({ topic }) => topic),
    messages.map(({ payload }) => payload),
    messages.map(({ qos }) => qos),
    messages.map(({ properties }) => propertiesToJson(properties)),
    messages.map(({ publisher }) => publisher),
    messages.map(({ receivedAt }) => receivedAt),
    messages.map(({ expiresAt }) => expiresAt),
  ];
}

/** The message that the row was made from. */
export function toMessage(row: RetainedRow): Message {
  return {
    topic: row.topic,
    payload: row.payload,
    qos: row.qos as Qos,
    retain: true,
    properties: propertiesFromJson(row.properties),
    publisher: row.publisher,
    receivedAt: row.stored_ms,
    expiresAt: row.expires_ms,
  };
}

/** What is stored of the properties of a message. */
export function propertiesToJson(properties: MessageProperties | null): string | null {
  if (!properties) return null;
  const { correlationData, ...rest } = properties;
  return JSON.stringify({ ...rest, correlationData: correlationData?.toString('base64') });
}

/** The properties that were stored. */
export function propertiesFromJson(stored: StoredProperties | null): MessageProperties | null {
  if (!stored) return null;
  const { correlationData, userProperties, ...rest } = stored;
  return {
    ...rest,
    ...(correlationData !== undefined && { correlationData: Buffer.from(correlationData, 'base64') }),
    ...(userProperties && { userProperties: toPairs(userProperties) }),
  };
}

function toPairs(stored: NonNullable<StoredProperties['userProperties']>): MessageProperties['userProperties'] {
  if (isPairs(stored)) return stored;
  return Object.entries(stored).flatMap(([name, values]) => [values].flat().map((value) => [name, value] as const));
}

function isPairs(
  stored: NonNullable<StoredProperties['userProperties']>,
): stored is NonNullable<MessageProperties['userProperties']> {
  return Array.isArray(stored);
}
