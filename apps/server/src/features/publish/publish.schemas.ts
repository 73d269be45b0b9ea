import { z } from 'zod';
import { line } from '../../http/fields.js';
import { checkMessage, messageFields, qos } from './message.schemas.js';

const MOST_MESSAGES = 1_000;

export const Publication = z
  .strictObject({
    topic: z.string().min(1).max(65_535),
    ...messageFields,
    qos: qos.default(0),
    retain: z.boolean().default(false),
  })
  .check(checkMessage)
  .meta({ id: 'Publication' });

export type Publication = z.infer<typeof Publication>;

const clientId = line(1_024).min(1).optional().describe('Of a client: its client id. Left out: made of its user name.');

/** With a topic here, the body is the payload as it is. */
export const PublishQuery = z.strictObject({
  clientId,
  topic: z.string().optional().describe('Then the whole body is the payload, and the rest is said here.'),
  qos: z.enum(['0', '1', '2']).optional(),
  retain: z.enum(['true', 'false']).optional(),
  expiresAt: z.string().optional(),
  expirySeconds: z.string().optional(),
  payloadFormatIndicator: z.enum(['true', 'false']).optional(),
  contentType: z.string().optional(),
  responseTopic: z.string().optional(),
  correlationData: z.string().optional().describe('Base64.'),
  userProperty: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .describe('`name=value`, as often as there are any.'),
});

export type PublishQuery = z.infer<typeof PublishQuery>;

export const PublishBatchQuery = z.strictObject({ clientId });

export type PublishBatchQuery = z.infer<typeof PublishBatchQuery>;

/** What becomes of a message that was taken, as PUBACK says it [MQTT5 3.4.2.1]. */
export const Published = z
  .object({
    delivered: z.int().describe('How many sessions were sent it, or have it queued.'),
    reasonCode: z.union([z.literal(0), z.literal(16)]).describe('As MQTT 5 has it: 16 where nobody was subscribed.'),
  })
  .meta({ id: 'Published' });

export type Published = z.infer<typeof Published>;

export const PublicationBatch = z
  .strictObject({ messages: z.array(Publication).min(1).max(MOST_MESSAGES) })
  .meta({ id: 'PublicationBatch' });

export type PublicationBatch = z.infer<typeof PublicationBatch>;

export const PublishedBatch = z
  .object({
    published: z.int().describe('How many were taken.'),
    refused: z.int(),
    results: z
      .array(
        z.object({
          delivered: z.int(),
          reasonCode: z.int().describe('As MQTT 5 says it in a PUBACK; a refusal from 128 on.'),
          problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
        }),
      )
      .describe('One for each message, in their order.'),
  })
  .meta({ id: 'PublishedBatch' });

export type PublishedBatch = z.infer<typeof PublishedBatch>;
