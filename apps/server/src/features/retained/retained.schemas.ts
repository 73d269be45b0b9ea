import { z } from 'zod';
import { instant } from '../../http/fields.js';
import { nextCursor, pageQuery } from '../../http/paging.js';

export const qos = z.union([z.literal(0), z.literal(1), z.literal(2)]);
export const payloadEncoding = z.enum(['utf8', 'base64']);

/** The value that a topic keeps, without its payload. */
export const RetainedItem = z
  .object({
    topic: z.string(),
    size: z.int(),
    qos,
    publisher: z.string(),
    storedAt: instant,
    expiresAt: instant.nullable(),
  })
  .meta({ id: 'RetainedItem' });

export type RetainedItem = z.infer<typeof RetainedItem>;

export const RetainedPage = z
  .object({
    items: z.array(RetainedItem),
    next: nextCursor,
    total: z
      .int()
      .nullable()
      .describe(
        'How many match, those included that expired within the last 30 s. Null where counting them would take long.',
      ),
  })
  .meta({ id: 'RetainedPage' });

export type RetainedPage = z.infer<typeof RetainedPage>;

export const RetainedQuery = z.strictObject({
  filter: z.string().max(65_535).default('#'),
  ...pageQuery(1000, 200),
});

export type RetainedQuery = z.infer<typeof RetainedQuery>;

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

export const RetainedMessage = RetainedItem.extend({
  payload: z.string().describe('Base64.'),
  properties: MessageProperties.nullable(),
}).meta({ id: 'RetainedMessage' });

export type RetainedMessage = z.infer<typeof RetainedMessage>;

export const TopicQuery = z.strictObject({ topic: z.string().min(1).max(65_535) });

export type TopicQuery = z.infer<typeof TopicQuery>;

/** What is published, as text or as base64. */
export const payloadFields = {
  payload: z.string(),
  encoding: payloadEncoding.default('utf8'),
};

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Whether the payload is written in the encoding that is named. */
export function isEncoded({ payload, encoding }: { payload: string; encoding: 'utf8' | 'base64' }): boolean {
  return encoding === 'utf8' || base64.test(payload);
}

export const notBase64 = { path: ['payload'], message: 'is not base64' };

export const RetainedInput = z
  .strictObject({ ...payloadFields, qos: qos.default(1) })
  .refine(isEncoded, notBase64)
  .refine(({ payload }) => payload !== '', { path: ['payload'], message: 'is empty: delete the message instead' })
  .meta({ id: 'RetainedInput' });

export type RetainedInput = z.infer<typeof RetainedInput>;
