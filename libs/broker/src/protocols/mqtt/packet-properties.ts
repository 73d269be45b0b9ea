import type { FieldReader } from './field-reader.js';

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
} as const satisfies Record<string, ReadonlySet<number>>;

/** Goes over a property length and its properties: each allowed, whole, and there once. */
export function readProperties(fields: FieldReader, allowed: ReadonlySet<number>): void {
  const length = fields.variable();
  if (length === 0) return;
  const properties = fields.part(length);
  const seen = new Set<number>();
  while (properties.left > 0) {
    const id = properties.byte();
    if (!allowed.has(id) || (id !== USER_PROPERTY && seen.has(id))) properties.fail('protocol-error');
    seen.add(id);
    readValue(properties, id);
  }
  if (properties.refusal) fields.fail(properties.refusal);
}

function readValue(fields: FieldReader, id: number): void {
  switch (id) {
    case PAYLOAD_FORMAT_INDICATOR:
    case REQUEST_PROBLEM_INFORMATION:
    case REQUEST_RESPONSE_INFORMATION:
      if (fields.byte() > 1) fields.fail('protocol-error');
      return;
    case RECEIVE_MAXIMUM:
    case TOPIC_ALIAS_MAXIMUM:
    case TOPIC_ALIAS:
      fields.skip(2);
      return;
    case MESSAGE_EXPIRY_INTERVAL:
    case SESSION_EXPIRY_INTERVAL:
    case WILL_DELAY_INTERVAL:
    case MAXIMUM_PACKET_SIZE:
      fields.skip(4);
      return;
    case SUBSCRIPTION_IDENTIFIER:
      fields.variable();
      return;
    case CORRELATION_DATA:
    case AUTHENTICATION_DATA:
      fields.binary();
      return;
    case USER_PROPERTY:
      fields.text();
  }
  // The other properties are strings, and a user property is two of them.
  fields.text();
}
