import type { MessageProperties } from '../../message.js';
import type { FieldReader } from './field-reader.js';
import type { Properties } from './packets.js';

/** Property identifiers that a client may send [MQTT5 2.2.2.2]. */
const PAYLOAD_FORMAT_INDICATOR = 0x01;
const MESSAGE_EXPIRY_INTERVAL = 0x02;
const CONTENT_TYPE = 0x03;
const RESPONSE_TOPIC = 0x08;
const CORRELATION_DATA = 0x09;
const SUBSCRIPTION_IDENTIFIER = 0x0b;
const SESSION_EXPIRY_INTERVAL = 0x11;
const AUTHENTICATION_METHOD = 0x15;
const AUTHENTICATION_DATA = 0x16;
const REQUEST_PROBLEM_INFORMATION = 0x17;
const WILL_DELAY_INTERVAL = 0x18;
const REQUEST_RESPONSE_INFORMATION = 0x19;
const REASON_STRING = 0x1f;
const RECEIVE_MAXIMUM = 0x21;
const TOPIC_ALIAS_MAXIMUM = 0x22;
const TOPIC_ALIAS = 0x23;
const USER_PROPERTY = 0x26;
const MAXIMUM_PACKET_SIZE = 0x27;

const OF_A_MESSAGE = [
  PAYLOAD_FORMAT_INDICATOR,
  MESSAGE_EXPIRY_INTERVAL,
  CONTENT_TYPE,
  RESPONSE_TOPIC,
  CORRELATION_DATA,
  USER_PROPERTY,
];

/** Which properties a client may put in which packet. */
export const allowedProperties = {
  connect: new Set([
    SESSION_EXPIRY_INTERVAL,
    RECEIVE_MAXIMUM,
    MAXIMUM_PACKET_SIZE,
    TOPIC_ALIAS_MAXIMUM,
    REQUEST_RESPONSE_INFORMATION,
    REQUEST_PROBLEM_INFORMATION,
    USER_PROPERTY,
    AUTHENTICATION_METHOD,
    AUTHENTICATION_DATA,
  ]),
  will: new Set([WILL_DELAY_INTERVAL, ...OF_A_MESSAGE]),
  publish: new Set([TOPIC_ALIAS, ...OF_A_MESSAGE]),
  acknowledgement: new Set([REASON_STRING, USER_PROPERTY]),
  subscribe: new Set([SUBSCRIPTION_IDENTIFIER, USER_PROPERTY]),
  unsubscribe: new Set([USER_PROPERTY]),
  disconnect: new Set([SESSION_EXPIRY_INTERVAL, REASON_STRING, USER_PROPERTY]),
  auth: new Set([AUTHENTICATION_METHOD, AUTHENTICATION_DATA, REASON_STRING, USER_PROPERTY]),
} as const satisfies Record<string, ReadonlySet<number>>;

/** Reads a property length and its properties: each allowed [MQTT5 2.2.2.2], whole, and there once. */
export function readProperties(fields: FieldReader, allowed: ReadonlySet<number>): Properties {
  const properties: Properties = {};
  const length = fields.variable();
  if (length === 0) return properties;
  const end = fields.enter(length);
  while (fields.left > 0) {
    const id = fields.byte();
    if (allowed.has(id)) readProperty(fields, id, properties);
    else fields.fail(id === SUBSCRIPTION_IDENTIFIER ? 'protocol-error' : 'malformed-packet'); // [MQTT5-3.3.4-6]
  }
  fields.leave(end);
  return properties;
}

/** What travels on with a message of all that its PUBLISH or will says, or null for nothing. */
export function messageProperties(properties: Properties | null): MessageProperties | null {
  if (!properties) return null;
  const { payloadFormatIndicator, contentType, responseTopic, correlationData, userProperties } = properties;
  const kept: { -readonly [name in keyof MessageProperties]: MessageProperties[name] } = {};
  if (payloadFormatIndicator !== undefined) kept.payloadFormatIndicator = payloadFormatIndicator;
  if (contentType !== undefined) kept.contentType = contentType;
  if (responseTopic !== undefined) kept.responseTopic = responseTopic;
  // The message outlives the chunk that it came in.
  if (correlationData !== undefined) kept.correlationData = Buffer.from(correlationData);
  if (userProperties !== undefined) kept.userProperties = userProperties;
  return Object.keys(kept).length > 0 ? kept : null;
}

/** One value, which must be the first of its kind unless it is a user property. */
function readProperty(fields: FieldReader, id: number, into: Properties): void {
  if (id === USER_PROPERTY) {
    (into.userProperties ??= []).push([fields.text(), fields.text()]);
    return;
  }
  const { name, read } = kinds[id] as Kind;
  if (into[name] !== undefined) fields.fail('protocol-error');
  // The table pairs each name with a reader of its type.
  (into as Record<string, unknown>)[name] = read(fields);
}

interface Kind {
  readonly name: Exclude<keyof Properties, 'userProperties'>;
  readonly read: (fields: FieldReader) => unknown;
}

const flag = (fields: FieldReader): boolean => {
  const byte = fields.byte();
  if (byte > 1) fields.fail('protocol-error');
  return byte === 1;
};
const uint16 = (fields: FieldReader): number => fields.uint16();
const uint32 = (fields: FieldReader): number => fields.uint32();
const text = (fields: FieldReader): string => fields.text();
const binary = (fields: FieldReader): Buffer => fields.binary();

/** A number that must not be 0 [MQTT5 3.1.2.11.3, 3.1.2.11.4, 3.8.2.1.2]. */
const positive =
  (read: (fields: FieldReader) => number) =>
  (fields: FieldReader): number => {
    const value = read(fields);
    if (value === 0) fields.fail('protocol-error');
    return value;
  };

const kinds: Record<number, Kind> = {
  [PAYLOAD_FORMAT_INDICATOR]: { name: 'payloadFormatIndicator', read: flag },
  [MESSAGE_EXPIRY_INTERVAL]: { name: 'messageExpiryInterval', read: uint32 },
  [CONTENT_TYPE]: { name: 'contentType', read: text },
  [RESPONSE_TOPIC]: { name: 'responseTopic', read: text },
  [CORRELATION_DATA]: { name: 'correlationData', read: binary },
  [SUBSCRIPTION_IDENTIFIER]: { name: 'subscriptionIdentifier', read: positive((fields) => fields.variable()) },
  [SESSION_EXPIRY_INTERVAL]: { name: 'sessionExpiryInterval', read: uint32 },
  [AUTHENTICATION_METHOD]: { name: 'authenticationMethod', read: text },
  [AUTHENTICATION_DATA]: { name: 'authenticationData', read: binary },
  [REQUEST_PROBLEM_INFORMATION]: { name: 'requestProblemInformation', read: flag },
  [WILL_DELAY_INTERVAL]: { name: 'willDelayInterval', read: uint32 },
  [REQUEST_RESPONSE_INFORMATION]: { name: 'requestResponseInformation', read: flag },
  [REASON_STRING]: { name: 'reasonString', read: text },
  [RECEIVE_MAXIMUM]: { name: 'receiveMaximum', read: positive(uint16) },
  [TOPIC_ALIAS_MAXIMUM]: { name: 'topicAliasMaximum', read: uint16 },
  [TOPIC_ALIAS]: { name: 'topicAlias', read: uint16 },
  [MAXIMUM_PACKET_SIZE]: { name: 'maximumPacketSize', read: positive(uint32) },
};
