import type { MessageProperties as BrokerProperties } from '@perch/broker';
import { isValidTopic } from '@perch/policy';
import { z } from 'zod';
import { instant } from '../../http/fields.js';

export const qos = z.union([z.literal(0), z.literal(1), z.literal(2)]);

const MOST_USER_PROPERTIES = 1000;
const MOST_SECONDS = 0xffff_ffff;

/** MQTT 5 properties that were stored with the message. */
export const MessageProperties = z
  .object({
    payloadFormatIndicator: z.boolean().optional(),
    contentType: z.string().optional(),
    responseTopic: z.string().optional(),
    correlationData: z.base64().optional(),
    userProperties: z
      .array(z.object({ name: z.string(), value: z.string() }))
      .optional()
      .describe('In the order in which the publisher gave them; a name may come more than once.'),
  })
  .meta({ id: 'MessageProperties' });

export type MessageProperties = z.infer<typeof MessageProperties>;

/** A text as MQTT takes it [MQTT5-1.5.4-1] [MQTT5-1.5.4-2]. */
const mqttText = z
  .string()
  .refine((text) => Buffer.byteLength(text) <= 65_535, 'must have at most 65,535 bytes')
  .refine((text) => !/\0|\p{Cs}/u.test(text), 'must not contain NUL or half of a surrogate pair');

/** The same as somebody asks for them: only what MQTT 5 can carry. */
export const PropertiesInput = z
  .strictObject({
    payloadFormatIndicator: z.boolean().optional().describe('The payload is UTF-8 text.'),
    contentType: mqttText.optional(),
    responseTopic: mqttText.refine(isValidTopic, 'must be a topic without wildcards').optional(),
    correlationData: z
      .base64()
      .refine((text) => text.length <= 87_380, 'must have at most 65,535 bytes')
      .optional(),
    userProperties: z
      .array(z.strictObject({ name: mqttText, value: mqttText }))
      .max(MOST_USER_PROPERTIES)
      .optional(),
  })
  .meta({ id: 'MessagePropertiesInput' });

/** What is published: as text or as base64, with what MQTT 5 lets go along. */
export const messageFields = {
  payload: z.string(),
  encoding: z.enum(['utf8', 'base64']).default('utf8'),
  properties: PropertiesInput.nullable().default(null),
  expiresAt: z.iso
    .datetime({ offset: true })
    .nullable()
    .default(null)
    .describe('When it may no longer be delivered; null for never.'),
  expirySeconds: z
    .int()
    .min(1)
    .max(MOST_SECONDS)
    .optional()
    .describe('The same from now on, by the clock of the server.'),
};

/** The moment of expiry in an answer. */
export const expiresAt = instant.nullable();

/** What a request says of a message. */
export interface MessageInput {
  readonly payload: string;
  readonly encoding: 'utf8' | 'base64';
  readonly properties: z.infer<typeof PropertiesInput> | null;
  readonly expiresAt: string | null;
  readonly expirySeconds?: number | undefined;
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Adds what is wrong between the fields of a message. */
export function checkMessage({ value: input, issues }: z.core.ParsePayload<MessageInput>): void {
  const refuse = (path: string[], message: string) => issues.push({ code: 'custom', path, message, input });
  const { payload, encoding, properties, expiresAt: at, expirySeconds } = input;
  const isEncoded = encoding === 'utf8' || base64.test(payload);
  if (!isEncoded) refuse(['payload'], 'is not base64');
  else if (properties?.payloadFormatIndicator === true && !isText(input))
    refuse(['properties', 'payloadFormatIndicator'], 'says that the payload is UTF-8, which it is not');
  if (at !== null && expirySeconds !== undefined) refuse(['expirySeconds'], 'cannot stand beside expiresAt');
  if (at !== null && Date.parse(at) <= Date.now()) refuse(['expiresAt'], 'is over');
}

function isText({ payload, encoding }: MessageInput): boolean {
  if (encoding === 'utf8') return true;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(payload, 'base64'));
    return true;
  } catch {
    // Not text: an answer, not a fault.
    return false;
  }
}

/** What the broker is given for it, but its topic. */
export function contentOf({ payload, encoding, properties, expiresAt: at, expirySeconds }: MessageInput) {
  const inSeconds = expirySeconds === undefined ? null : Date.now() + expirySeconds * 1000;
  return {
    payload: Buffer.from(payload, encoding),
    properties: properties && propertiesFrom(properties),
    expiresAt: at === null ? inSeconds : Date.parse(at),
  };
}

/** Null where none is set: that costs nothing. */
function propertiesFrom(input: z.infer<typeof PropertiesInput>): BrokerProperties | null {
  const { payloadFormatIndicator, contentType, responseTopic, correlationData, userProperties = [] } = input;
  const properties = {
    ...(payloadFormatIndicator !== undefined && { payloadFormatIndicator }),
    ...(contentType !== undefined && { contentType }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlationData !== undefined && { correlationData: Buffer.from(correlationData, 'base64') }),
    ...(userProperties.length > 0 && {
      userProperties: userProperties.map(({ name, value }) => [name, value] as const),
    }),
  };
  return Object.keys(properties).length === 0 ? null : properties;
}

/** The properties of a message as the API says them. */
export function propertiesOf(properties: BrokerProperties): MessageProperties {
  const { correlationData, userProperties, ...others } = properties;
  return {
    ...others,
    ...(correlationData && { correlationData: correlationData.toString('base64') }),
    ...(userProperties && { userProperties: userProperties.map(([name, value]) => ({ name, value })) }),
  };
}
