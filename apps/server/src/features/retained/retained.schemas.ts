import { z } from 'zod';
import { instant } from '../../http/fields.js';
import { nextCursor, pageQuery } from '../../http/paging.js';
import { checkMessage, expiresAt, MessageProperties, messageFields, qos } from '../publish/message.schemas.js';

/** The value that a topic keeps, without its payload. */
export const RetainedItem = z
  .object({
    topic: z.string(),
    size: z.int(),
    qos,
    publisher: z.string(),
    storedAt: instant,
    expiresAt,
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

export const RetainedMessage = RetainedItem.extend({
  payload: z.string().describe('Base64; the beginning of it where `maxPayloadBytes` was asked for.'),
  properties: MessageProperties.nullable(),
}).meta({ id: 'RetainedMessage' });

export type RetainedMessage = z.infer<typeof RetainedMessage>;

export const TopicQuery = z.strictObject({ topic: z.string().min(1).max(65_535) });

export type TopicQuery = z.infer<typeof TopicQuery>;

export const MessageQuery = TopicQuery.extend({
  maxPayloadBytes: z.coerce
    .number()
    .int()
    .min(0)
    .optional()
    .describe('Send so much of the payload at most; `size` says how large it is.'),
});

export type MessageQuery = z.infer<typeof MessageQuery>;

export const FilterQuery = z.strictObject({ filter: z.string().min(1).max(65_535).default('#') });

export type FilterQuery = z.infer<typeof FilterQuery>;

export const RetainedCount = z
  .object({ count: z.int().describe('How many match, those included that expired within the last 30 s.') })
  .meta({ id: 'RetainedCount' });

export type RetainedCount = z.infer<typeof RetainedCount>;

export const RetainedInput = z
  .strictObject({ ...messageFields, qos: qos.default(1) })
  .check(checkMessage)
  .refine(({ payload }) => payload !== '', { path: ['payload'], message: 'is empty: delete the message instead' })
  .meta({ id: 'RetainedInput' });

export type RetainedInput = z.infer<typeof RetainedInput>;
