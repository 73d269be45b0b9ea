import { createHash } from 'node:crypto';
import type { Message, MessageProperties, Qos } from '@perch/broker';
import type { RowReader } from './row-reader.js';

/** The columns of `retained_messages` that `readMessage` reads, in its order. */
export const COLUMNS = ['topic', 'payload', 'qos', 'properties', 'publisher', 'stored_at', 'expires_at'] as const;

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
export function readMessage(row: RowReader): Message {
  return {
    topic: row.text(),
    payload: row.bytea(),
    qos: row.smallint() as Qos,
    retain: true,
    properties: row.isNull() ? null : propertiesFromJson(row.json() as StoredProperties),
    publisher: row.text(),
    receivedAt: row.time(),
    expiresAt: row.isNull() ? null : row.time(),
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
